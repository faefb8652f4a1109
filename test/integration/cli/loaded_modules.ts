/** Which modules a run of the program loads, told by the engine's own log. */
import { assertEquals } from "@std/assert";
import type { ProgramFolder } from "./program.ts";

/** Their URLs, those of the runtime's own snapshot too; the run must succeed. */
export async function loadedModules(
  place: ProgramFolder,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<readonly string[]> {
  const log = place.path("engine.log");
  const flags = ["--log-function-events", "--no-logfile-per-isolate", `--logfile=${log}`];
  const { status, err } = await place.run(args, {
    env,
    flags: ["-A", `--v8-flags=${flags.join(",")}`],
  });
  assertEquals(status, 0, err);
  const lines = (await Deno.readTextFile(log)).split("\n");
  await Deno.remove(log);
  return lines
    .filter((line) => line.startsWith("script-details,"))
    .map((line) => line.split(",")[2]!);
}

/** Of those, the modules that the runtime has for Node's sake, beyond the one that it always loads. */
export function ofNode(modules: readonly string[]): readonly string[] {
  return modules.filter((url) =>
    /^(ext:deno_node|node:)/.test(url) && url !== "ext:deno_node/02_register_cloneable.js"
  );
}
