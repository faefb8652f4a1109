/** Finds `snakepipe.jsonc`, and the plugins that go with it. */
import { type ConfigFile, NO_CONFIG, readConfig } from "../../../src/config/config_content.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { SCHEMES } from "../../drivers/load_driver.ts";
import type { AdmissionOptions } from "../../plugins/store/admission.ts";
import { builtPlugins } from "../../plugins/built_plugins.ts";
import { readJsonFile } from "./json_file.ts";

/** Its name in the working directory. */
export const CONFIG_NAME = "snakepipe.jsonc";

/** The error for a configuration that is not there, with the way out. */
export function noSuchConfig(file: string): LoadError {
  const way = "name it with --config FILE, or write one as docs/configuration.md shows";
  return new LoadError(`No such configuration file: ${file}; ${way}`, {
    code: "config_invalid",
    blame: "config",
  });
}

/**
 * Reads the configuration that was named, or `snakepipe.jsonc` of the working directory where there
 * is one.
 *
 * @throws {LoadError} `config_invalid`, `env_missing`
 */
export async function loadConfigFile(named: string | undefined): Promise<ConfigFile> {
  const file = named ?? CONFIG_NAME;
  const json = await readJsonFile(file, "config_invalid");
  if (json === undefined && named === undefined) return NO_CONFIG;
  if (json === undefined) {
    throw noSuchConfig(file);
  }
  const { dirname, resolve } = await import("@std/path");
  return readConfig(json, {
    file,
    lookup: (name) => Deno.env.get(name),
    resolve: (path) => resolve(folderOf(file, dirname), path),
    schemes: SCHEMES,
    ...hasSchedule(json) ? { scheduleFault: (await import("./schedule.ts")).scheduleFault } : {},
  });
}

/** Where paths begin: of a descriptor, as of `--config <(…)`, in the working directory. */
function folderOf(file: string, dirname: (path: string) => string): string {
  return /^\/(dev|proc)\//.test(file) ? "." : dirname(file);
}

/** Only then is what reads schedules needed. */
function hasSchedule(json: unknown): boolean {
  const { loads } = json as { readonly loads?: unknown } ?? {};
  return typeof loads === "object" && loads !== null &&
    Object.values(loads).some((load) => load?.schedule !== undefined);
}

/**
 * Goes into the folder of a configuration, whose loads are what `snakepipe load` would be there: their
 * paths, and the names by which they are known again, do not depend on where the program was started.
 * The paths of options are told from where it was, so they come back absolute.
 *
 * @throws {LoadError} `permission_missing`
 */
export async function enterFolder<T extends Readonly<Record<string, string | undefined>>>(
  { folder }: ConfigFile,
  paths: T,
): Promise<T> {
  const { resolve } = await import("@std/path");
  if (folder === undefined || folder === Deno.cwd()) return paths;
  const absolute = Object.entries(paths).map(([name, path]) => [
    name,
    path === undefined ? undefined : resolve(path),
  ]);
  Deno.chdir(folder);
  return Object.fromEntries(absolute);
}

/** Which plugins are let in. @throws {LoadError} `config_invalid` where none have been built yet */
export async function pluginsOf(
  options: { readonly plugins?: string; readonly locked: boolean },
  config: ConfigFile,
): Promise<AdmissionOptions & { readonly plugins: string }> {
  return {
    plugins: await pluginFolder(options.plugins, config),
    locked: options.locked || config.locked === true,
    ...(config.trustedKeys ? { trustedKeys: config.trustedKeys } : {}),
  };
}

/**
 * The folder of plugins: the one that was named, the configuration's, or the one that this program
 * comes with.
 *
 * @throws {LoadError} `config_invalid` where that one has not been built yet, or is no folder
 */
export async function pluginFolder(named: string | undefined, config: ConfigFile): Promise<string> {
  const folder = named ?? config.plugins;
  if (folder !== undefined) return folder;
  const built = builtPlugins();
  if (await hasPlugins(built)) return built;
  throw new LoadError(
    `No plugins in ${built}: build them with deno task build, or name another folder with --plugins`,
    { code: "config_invalid", blame: "config" },
  );
}

async function hasPlugins(folder: string): Promise<boolean> {
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.name.endsWith(".wasm")) return true;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return false;
}
