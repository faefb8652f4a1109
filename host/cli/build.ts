/**
 * Bundles the program into a few files that start sooner than its 250 modules do: the runtime reads,
 * resolves and compiles each module on its own, 50 ms before anything has happened, and again in each
 * worker.
 *
 * `deno run -A host/cli/build.ts [--force] [--quiet]` brings `host/dist/` up to date.
 */
import { basename, dirname, fromFileUrl, join, relative } from "@std/path";
import type { Plugin } from "esbuild";
import { messageOf } from "../../src/errors.ts";
import { modified, newest } from "../assembly_script.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const DIST = join(ROOT, "host", "dist");
/** What runs in a thread of its own. Each becomes a file of the same name. */
const ENTRIES = ["host/cli/snakepipe.ts", "host/lane/lane_worker.ts"];
/** Packages with native code, or with files beside their modules: these stay where they are. */
const EXTERNAL = ["libsql", "@libsql/client", "web-tree-sitter"];
/** The package of the standard library, whose names in the import map are not its own. */
const STANDARD = /^npm:(deno-std)@[^/]+(\/.*)$/;

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
  const draft = await Deno.makeTempDir({ dir: dirname(DIST), prefix: ".dist_" });
  await Deno.chmod(draft, 0o755);
  try {
    await bundle(draft);
    await Deno.remove(DIST, { recursive: true }).catch(() => {});
    await Deno.rename(draft, DIST);
  } catch (error) {
    await Deno.remove(draft, { recursive: true }).catch(() => {});
    throw error;
  }
}

async function bundle(folder: string): Promise<void> {
  // Loading the bundler takes longer than finding that there is nothing to bundle.
  const { build, stop } = await import("esbuild");
  try {
    await build({
      absWorkingDir: ROOT,
      entryPoints: ENTRIES,
      entryNames: "[name]",
      outdir: folder,
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      mainFields: ["module", "main"],
      target: "esnext",
      charset: "utf8",
      external: EXTERNAL,
      alias: await standardLibrary(),
      plugins: [compiledParser(folder)],
      logLevel: "silent",
    });
  } finally {
    await stop();
  }
}

/** PostgreSQL's parser: a module for other module systems, which reads its WebAssembly from beside it. */
function compiledParser(folder: string): Plugin {
  return {
    name: "compiled parser",
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]libpg-query\.js$/ }, async ({ path }) => {
        const compiled = path.replace(/\.js$/, ".wasm");
        await Deno.copyFile(compiled, join(folder, basename(compiled)));
        return {
          contents: [
            'import { createRequire } from "node:module";',
            "const require = createRequire(import.meta.url);",
            "const __dirname = import.meta.dirname;",
            await Deno.readTextFile(path),
            "export default PgQueryModule;",
          ].join("\n"),
        };
      });
    },
  };
}

/** What the import map calls the modules of the standard library, and what its package does. */
async function standardLibrary(): Promise<Record<string, string>> {
  const { imports } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json"))) as {
    imports: Record<string, string>;
  };
  return Object.fromEntries(
    Object.entries(imports).flatMap(([name, target]) => {
      const [, library, path] = STANDARD.exec(target) ?? [];
      return library === undefined ? [] : [[name, library + path]];
    }),
  );
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
