/**
 * Programs and packages of Node that competitors need: found, else installed, else told to be absent.
 * Only what somebody needs who takes part is looked for.
 */
import { isPackageName, lookForPackage, type PackageName } from "./node_package.ts";

/** Program to the Debian package that brings it. */
const PACKAGE_OF = {
  psql: "postgresql-client",
  sqlite3: "sqlite3",
  pgloader: "pgloader",
  "sqlite-utils": "sqlite-utils",
  mariadb: "mariadb-client",
  node: "nodejs",
} as const;

type ProgramName = keyof typeof PACKAGE_OF;

/** A program that is not Deno's, or a package that is no dependency of this project. */
export type ToolName = ProgramName | PackageName;

/** A program, or why it is not there. */
export type Tool =
  | { readonly kind: "present"; readonly version: string }
  | { readonly kind: "absent"; readonly reason: string };

/** What was looked for. */
export type Tools = Readonly<Partial<Record<ToolName, Tool>>>;

const INSTALL_TIMEOUT_MS = 180_000;
const VERSION_TIMEOUT_MS = 20_000;

/**
 * Looks for tools. A program that is missing is installed where apt-get is there and we may use it; a
 * package is installed into the benchmark's own folder.
 */
export async function findTools(names: Iterable<ToolName>): Promise<Tools> {
  const found: Partial<Record<ToolName, Tool>> = {};
  for (const name of new Set(names)) {
    found[name] = isPackageName(name)
      ? await lookForPackage(name)
      : await look(name) ?? await install(name);
  }
  return found;
}

async function look(name: ProgramName): Promise<Tool | undefined> {
  const answer = await run(name, ["--version"], VERSION_TIMEOUT_MS);
  if (answer?.success !== true) return undefined;
  const [, version] = /(\d+(?:\.\d+)+)/.exec(answer.out) ?? [];
  return { kind: "present", version: version ?? answer.out.split("\n")[0]! };
}

async function install(name: ProgramName): Promise<Tool> {
  const absent = (reason: string): Tool => ({ kind: "absent", reason: `${name}: ${reason}` });
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return absent("not on this machine");
  console.error(`Installing ${PACKAGE_OF[name]}`);
  const args = ["install", "--yes", "--quiet", "--no-install-recommends", PACKAGE_OF[name]];
  const answer = await run("apt-get", args, INSTALL_TIMEOUT_MS);
  if (answer === undefined) return absent("not on this machine, which has no apt-get");
  if (!answer.success) return absent("not on this machine, and apt-get could not install it");
  return await look(name) ?? absent("installed, but it does not run");
}

interface Answer {
  readonly success: boolean;
  readonly out: string;
}

/** Undefined if the program is not there. */
async function run(
  program: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<Answer | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(program, {
      args: [...args],
      env: { DEBIAN_FRONTEND: "noninteractive" },
      stdin: "null",
      stderr: "null",
      signal: AbortSignal.timeout(timeoutMs),
    }).output();
    return { success, out: new TextDecoder().decode(stdout).trim() };
  } catch {
    return undefined;
  }
}
