/** Builds the plugin of a folder, as `snakepipe new` makes one, and asks it everything. */
import { basename, join, resolve } from "@std/path";
import { LoadError, messageOf, permissionError } from "../../../src/model/errors.ts";
import { writeAtomic } from "../../platform/atomic_write.ts";
import { NoCompilerError } from "../build/native_compiler.ts";
import type { KnownPlans } from "../check/known_plans.ts";
import { checkPlugin, type PluginCheck } from "../check/plugin_check.ts";
import { pluginSources } from "../plugin_sources.ts";
import { type Language, languageOf, LANGUAGES } from "./language.ts";
import { grantsOf, recordBuilt } from "../store/admission.ts";
import { isThere } from "../../platform/is_there.ts";

/** A plugin that was built, and what was found. */
export interface FolderBuild {
  /** The module. */
  readonly file: string;
  readonly check: PluginCheck;
  readonly compileMs: number;
  readonly checkMs: number;
  /** What is built with it again needs no second look at. */
  readonly known: KnownPlans;
}

/** Where the module of a folder goes, unless it is said. */
export function moduleOf(folder: string): string {
  return join(folder, "dist", `${basename(resolve(folder))}.wasm`);
}

/** When one of the files in these folders was saved last, in milliseconds since 1970. */
export async function lastSave(folders: readonly string[]): Promise<number> {
  const times = await Promise.all(folders.map(async (folder) => {
    let last = 0;
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = join(folder, name);
      const time = isDirectory
        ? await lastSave([path])
        : (await Deno.stat(path).catch(() => undefined))?.mtime?.getTime() ?? 0;
      last = Math.max(last, time);
    }
    return last;
  }));
  return Math.max(0, ...times);
}

/** The folders of a plugin in which its sources lie; those that are there. */
export async function sourceFolders(folder: string): Promise<string[]> {
  const folders = ["assembly", "src", "kit"].map((name) => join(folder, name));
  const there = await Promise.all(folders.map((path) => Deno.stat(path).catch(() => undefined)));
  return folders.filter((_, i) => there[i]?.isDirectory);
}

/**
 * Compiles the plugin of a folder, with the kit in the folder, or else the one that comes with this
 * program; writes the module; and checks it. `quick` compiles it soon and not well; of what is as it
 * was in the build `before`, nothing is checked again.
 *
 * @throws {LoadError} `source_missing` where the folder has no such file, `plugin_unreadable` where it does
 * not compile, and what is wrong with the module itself
 */
export async function buildFolder(
  folder: string,
  file: string,
  { quick = false, before }: {
    readonly quick?: boolean;
    readonly before?: FolderBuild | undefined;
  } = {},
): Promise<FolderBuild> {
  const started = performance.now();
  const language = await languageOf(folder);
  if (!language) {
    const entries = LANGUAGES.map(({ entry }) => entry);
    throw new LoadError(
      `There is no plugin in ${folder}, which would have ${entries.join(" or ")}: snakepipe new ` +
        "makes one",
      { code: "source_missing", blame: "config" },
    );
  }
  await writeAtomic(resolve(file), await compiled(folder, language, quick));
  // Whoever builds it knows that it has changed.
  await recordBuilt(resolve(file));
  const compiledAt = performance.now();
  const known: KnownPlans = before?.known ?? new Set();
  const check = await checkPlugin(file, {
    ...{ grants: await grantsOf(file), settings: () => ({}), known },
  });
  const checkMs = performance.now() - compiledAt;
  return { file, check, compileMs: compiledAt - started, checkMs, known };
}

async function compiled(
  folder: string,
  { entry, kit, kitEntry, compile }: Language,
  quick: boolean,
): Promise<Uint8Array> {
  const own = join(folder, "kit");
  const used = await isThere(join(own, kitEntry)) ? own : join(pluginSources().kits, kit);
  try {
    return await compile(join(folder, entry), used, { quick });
  } catch (error) {
    if (error instanceof NoCompilerError) {
      throw new LoadError(error.message, { code: "backend_unavailable", blame: "host" });
    }
    const [message = "", ...lines] = messageOf(error).trimEnd().split("\n");
    throw permissionError(error) ??
      new LoadError(message, { code: "plugin_unreadable", blame: "plugin", lines, cause: error });
  }
}
