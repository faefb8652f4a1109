/**
 * Bundles the program into a few files that start sooner than its 250 modules do: the runtime reads,
 * resolves and compiles each module on its own, 50 ms before anything has happened, and again in each
 * worker.
 *
 * `deno run -A host/cli/build.ts [--force] [--quiet]` brings `host/dist/` up to date.
 */
import { dirname, fromFileUrl, join, relative } from "@std/path";
import { messageOf } from "../../src/errors.ts";
import { modified, newest } from "../assembly_script.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const DIST = join(ROOT, "host", "dist");
/** What runs in a thread of its own. Each becomes a file of the same name. */
const ENTRIES = ["host/cli/snakepipe.ts", "host/lane/lane_worker.ts"];
/** Packages with native code, or with files beside their modules: these stay where they are. */
const EXTERNAL = ["libsql", "@libsql/client", "web-tree-sitter"];

/** What to build, and where to say so. */
export interface ProgramBuildOptions {
  /** Builds what is up to date too; false by default. */
  readonly force?: boolean;
  /** Takes one line; nothing is said by default. */
  readonly log?: (line: string) => void;
}

/**
 * Bundles the program where its bundle is missing, or older than a module.
 *
 * @throws {Error} with what the bundler says if it fails
 */
export async function buildProgram(
  { force = false, log }: ProgramBuildOptions = {},
): Promise<void> {
  const sources = await Promise.all([
    ...["src", "host"].map((folder) => newest(join(ROOT, folder))),
    ...["deno.json", "deno.lock"].map((file) => modified(join(ROOT, file))),
  ]);
  const file = join(DIST, "snakepipe.js");
  const built = force || await modified(file) < Math.max(...sources);
  if (built) await bundleAll();
  const { size } = await Deno.stat(file);
  log?.(`${built ? "built" : "fresh"}  ${relative(Deno.cwd(), file)}  ${size} bytes`);
}

async function bundleAll(): Promise<void> {
  await Deno.mkdir(dirname(DIST), { recursive: true });
  const draft = await Deno.makeTempDir({ dir: dirname(DIST), prefix: ".dist_" });
  await Deno.chmod(draft, 0o755);
  try {
    for (const entry of ENTRIES) await bundle(entry, draft);
    await Deno.remove(DIST, { recursive: true }).catch(() => {});
    await Deno.rename(draft, DIST);
  } catch (error) {
    await Deno.remove(draft, { recursive: true }).catch(() => {});
    throw error;
  }
}

async function bundle(entry: string, folder: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--platform", "deno", "--code-splitting", "--outdir", folder],
      ...EXTERNAL.map((name) => `--external=${name}`),
      entry,
    ],
    cwd: ROOT,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) {
    throw new Error(`Program cannot be bundled: ${new TextDecoder().decode(stderr).trim()}`);
  }
}

if (import.meta.main) {
  try {
    await buildProgram({
      force: Deno.args.includes("--force"),
      log: Deno.args.includes("--quiet") ? () => {} : (line) => console.log(line),
    });
  } catch (error) {
    console.error(messageOf(error));
    Deno.exit(1);
  }
}
