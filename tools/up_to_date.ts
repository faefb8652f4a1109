/** Makes what is missing, or older than what it is made of. */
import { dirname, join, relative } from "@std/path";
import { messageOf } from "../src/model/errors.ts";

/** What to build, and where to say so. */
export interface BuildOptions {
  /** Builds what is up to date too; false by default. */
  readonly force?: boolean;
  /** Takes one line for each file; nothing is said by default. */
  readonly log?: (line: string) => void;
}

/** What came of a file. */
export interface UpToDate {
  readonly bytes: number;
  /** False where it was up to date. */
  readonly built: boolean;
}

/**
 * Makes a file where it is missing, or older than its sources.
 *
 * @param times When these were modified, in milliseconds since the epoch
 * @throws whatever `make` throws
 */
export async function bringUpToDate(
  file: string,
  { times, make }: { readonly times: readonly number[]; readonly make: () => Promise<void> },
  { force = false, log }: BuildOptions,
): Promise<UpToDate> {
  const built = force || await modified(file) < Math.max(...times);
  if (built) await make();
  const { size: bytes } = await Deno.stat(file);
  log?.(`${built ? "built" : "fresh"}  ${relative(Deno.cwd(), file)}  ${bytes} bytes`);
  return { bytes, built };
}

/** Fills a folder beside the one that it then takes the place of. @throws whatever `fill` throws */
export async function replaceFolder(
  folder: string,
  fill: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = await Deno.makeTempDir({ dir: dirname(folder), prefix: ".dist_" });
  try {
    await Deno.chmod(draft, 0o755);
    await fill(draft);
    await Deno.remove(folder, { recursive: true }).catch(() => {});
    await Deno.rename(draft, folder);
  } catch (error) {
    await Deno.remove(draft, { recursive: true }).catch(() => {});
    throw error;
  }
}

/** When the newest file below a folder was modified, but for what builds put there. */
export async function newest(folder: string): Promise<number> {
  let latest = 0;
  for await (const entry of Deno.readDir(folder)) {
    if (entry.name === "dist" || entry.name.startsWith(".dist_")) continue;
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory ? await newest(path) : await modified(path));
  }
  return latest;
}

/** When a file was modified, in milliseconds since the epoch; 0 where there is none. */
export async function modified(file: string): Promise<number> {
  try {
    return (await Deno.stat(file)).mtime?.getTime() ?? 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** Builds as the command line says, with `--force` or `--quiet`; a failure is told, and ends the program. */
export async function buildByCommand(
  build: (options: BuildOptions) => Promise<unknown>,
): Promise<void> {
  try {
    await build({
      force: Deno.args.includes("--force"),
      log: Deno.args.includes("--quiet") ? () => {} : (line) => console.log(line),
    });
  } catch (error) {
    console.error(messageOf(error));
    Deno.exit(1);
  }
}
