/**
 * Compiles plugins from AssemblyScript to WebAssembly.
 *
 * `deno run -A tools/build_plugins.ts [--force] [--quiet]` brings `plugins/dist/` up to date;
 * `deno run -A tools/build_plugins.ts my_plugin/assembly/index.ts my_plugin.wasm` compiles one of
 * somebody's own. The kit is imported as `@snakepipe/kit`, wherever the plugin lies.
 */
import { fromFileUrl, join, resolve } from "@std/path";
import { compileWithKit } from "../host/plugins/build/compile_plugin.ts";
import { recordBuilt } from "../host/plugins/store/admission.ts";
import { writeAtomic } from "../host/platform/atomic_write.ts";
import {
  bringUpToDate,
  buildByCommand,
  type BuildOptions,
  modified,
  newest,
  type UpToDate,
} from "./up_to_date.ts";

const PLUGINS = fromFileUrl(new URL("../plugins/", import.meta.url));
const KIT = join(PLUGINS, "kit", "assembly");
const COMPILER = fromFileUrl(new URL("../host/plugins/build/", import.meta.url));

/** One plugin of this repository, built. */
export interface BuiltPlugin extends UpToDate {
  /** The name of its folder. */
  readonly name: string;
  /** The module. */
  readonly file: string;
}

/** What to build, and where to say so. */
export interface PluginBuildOptions extends BuildOptions {
  /** Where the modules go; `plugins/dist` by default. */
  readonly outDir?: string;
}

/**
 * Builds the plugins of this repository that are missing, or older than their sources, the kit or
 * this file.
 *
 * @throws {Error} with the compiler's messages if one does not compile.
 */
export async function buildPlugins(options: PluginBuildOptions = {}): Promise<BuiltPlugin[]> {
  const outDir = options.outDir ?? join(PLUGINS, "dist");
  const shared = await Promise.all(
    [newest(KIT), newest(COMPILER), modified(fromFileUrl(import.meta.url))],
  );
  const plugins: BuiltPlugin[] = [];
  for (const name of await pluginNames()) {
    const sources = join(PLUGINS, name, "assembly");
    const file = join(outDir, `${name}.wasm`);
    const make = () => compilePlugin(join(sources, "index.ts"), file);
    const times = [...shared, await newest(sources)];
    plugins.push({ name, file, ...await bringUpToDate(file, { times, make }, options) });
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
  await writeAtomic(resolve(outFile), await compileWithKit(entryFile, KIT));
  // Whoever builds it knows that it has changed.
  await recordBuilt(resolve(outFile));
}

async function pluginNames(): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(PLUGINS)) {
    if (!entry.isDirectory || entry.name === "kit") continue;
    if (await modified(join(PLUGINS, entry.name, "assembly", "index.ts")) > 0) {
      names.push(entry.name);
    }
  }
  return names.sort();
}

async function main(options: BuildOptions): Promise<void> {
  const [entryFile, outFile] = Deno.args.filter((arg) => !arg.startsWith("--"));
  if (entryFile === undefined) {
    await buildPlugins(options);
  } else if (outFile === undefined) {
    throw new Error(
      "Usage: build_plugins.ts [--force] [--quiet], or build_plugins.ts <assembly/index.ts> <plugin.wasm>",
    );
  } else {
    await compilePlugin(entryFile, outFile);
    options.log?.(`built  ${outFile}  ${(await Deno.stat(outFile)).size} bytes`);
  }
}

if (import.meta.main) await buildByCommand(main);
