/**
 * Compiles plugins from AssemblyScript to WebAssembly.
 *
 * `deno run -A plugins/build.ts [--force] [--quiet]` brings `plugins/dist/` up to date;
 * `deno run -A plugins/build.ts my_plugin/assembly/index.ts my_plugin.wasm` compiles one of
 * somebody's own. The kit is imported as `@snakepipe/kit`, wherever the plugin lies.
 */
import { basename, dirname, fromFileUrl, join, relative, resolve } from "@std/path";
import { messageOf } from "../src/errors.ts";

const HERE = dirname(fromFileUrl(import.meta.url));
const KIT = join(HERE, "kit", "assembly");
/** How the compiler asks for a file of the kit, whatever package directory it looks in. */
const KIT_FILE = /^(?:.*[\\/])?@snakepipe[\\/]kit[\\/](?:assembly[\\/])?(.+)$/;

/** One plugin of this repository, built. */
export interface BuiltPlugin {
  /** The name of its folder. */
  readonly name: string;
  /** The module. */
  readonly file: string;
  /** Size of the module. */
  readonly bytes: number;
  /** False where it was up to date. */
  readonly built: boolean;
}

/** What to build, and where to say so. */
export interface BuildOptions {
  /** Builds what is up to date too; false by default. */
  readonly force?: boolean;
  /** Where the modules go; `plugins/dist` by default. */
  readonly outDir?: string;
  /** Takes one line per plugin; nothing is said by default. */
  readonly log?: (line: string) => void;
}

/**
 * Builds the plugins of this repository that are missing, or older than their sources, the kit or
 * this file.
 *
 * @throws {Error} with the compiler's messages if one does not compile.
 */
export async function buildPlugins(options: BuildOptions = {}): Promise<BuiltPlugin[]> {
  const outDir = options.outDir ?? join(HERE, "dist");
  const shared = Math.max(await newest(KIT), await modified(fromFileUrl(import.meta.url)));
  const plugins: BuiltPlugin[] = [];
  for (const name of await pluginNames()) {
    const sources = join(HERE, name, "assembly");
    const file = join(outDir, `${name}.wasm`);
    const stale = await modified(file) < Math.max(shared, await newest(sources));
    const built = options.force === true || stale;
    if (built) await compilePlugin(join(sources, "index.ts"), file);
    const { size } = await Deno.stat(file);
    options.log?.(`${built ? "built" : "fresh"}  ${relative(Deno.cwd(), file)}  ${size} bytes`);
    plugins.push({ name, file, bytes: size, built });
  }
  return plugins;
}

/**
 * Compiles one plugin. The module is written in one piece: whoever reads it meanwhile finds the old
 * one or the new one.
 *
 * @throws {Error} with the compiler's messages if it does not compile.
 */
export async function compilePlugin(entryFile: string, outFile: string): Promise<void> {
  const module = await compile(resolve(entryFile));
  const target = resolve(outFile);
  await Deno.mkdir(dirname(target), { recursive: true });
  const draft = join(dirname(target), `.${basename(target)}.${crypto.randomUUID()}`);
  try {
    await Deno.writeFile(draft, module);
    await Deno.rename(draft, target);
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw error;
  }
}

async function compile(entryFile: string): Promise<Uint8Array> {
  // Loading the compiler takes longer than finding that there is nothing to compile.
  const { default: asc } = await import("assemblyscript/asc");
  let module: Uint8Array | undefined;
  const { error, stderr } = await asc.main([
    basename(entryFile),
    // Names of sources end up in messages; relative to this they say nothing of the machine.
    ...["--baseDir", dirname(entryFile)],
    ...["--outFile", "plugin.wasm"],
    // Nothing is freed: an instance makes a few calls and goes. A collector would be 9 KB more.
    // Optimised for size, `join` would copy its result once per element, and nothing is freed.
    ...["--runtime", "stub", "-O3"],
    // Without this the module would import an `abort` from `env`, and be refused.
    ...["--use", "abort=~lib/@snakepipe/kit/entry/abort"],
    "--noColors",
  ], {
    readFile: (name, baseDir) => readSource(name, baseDir),
    writeFile: (_name, contents) => {
      if (typeof contents !== "string") module = contents;
    },
    listFiles: () => null,
  });
  if (error || !module) {
    throw new Error(`Plugin does not compile: ${entryFile}\n${stderr}${error?.message ?? ""}`);
  }
  return module;
}

async function readSource(name: string, baseDir: string): Promise<string | null> {
  const ofKit = KIT_FILE.exec(name)?.[1];
  try {
    return await Deno.readTextFile(ofKit === undefined ? resolve(baseDir, name) : join(KIT, ofKit));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function pluginNames(): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(HERE)) {
    if (!entry.isDirectory || entry.name === "kit") continue;
    if (await modified(join(HERE, entry.name, "assembly", "index.ts")) > 0) names.push(entry.name);
  }
  return names.sort();
}

/** When the newest file below a folder was modified. */
async function newest(folder: string): Promise<number> {
  let latest = 0;
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory ? await newest(path) : await modified(path));
  }
  return latest;
}

/** When a file was modified, in milliseconds since the epoch; 0 where there is none. */
async function modified(file: string): Promise<number> {
  try {
    return (await Deno.stat(file)).mtime?.getTime() ?? 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

async function main(args: readonly string[]): Promise<void> {
  const log = args.includes("--quiet") ? () => {} : (line: string) => console.log(line);
  const [entryFile, outFile] = args.filter((arg) => !arg.startsWith("--"));
  if (entryFile === undefined) {
    await buildPlugins({ force: args.includes("--force"), log });
  } else if (outFile === undefined) {
    throw new Error(
      "Usage: build.ts [--force] [--quiet], or build.ts <assembly/index.ts> <plugin.wasm>",
    );
  } else {
    await compilePlugin(entryFile, outFile);
    log(`built  ${outFile}  ${(await Deno.stat(outFile)).size} bytes`);
  }
}

if (import.meta.main) {
  try {
    await main(Deno.args);
  } catch (error) {
    console.error(messageOf(error));
    Deno.exit(1);
  }
}
