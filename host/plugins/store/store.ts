/** The plugin folder: reads what is there, once. */
import { LoadError, messageOf, permissionError } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { readPlainFile, reasonOf } from "../../platform/plain_file.ts";

/** One `.wasm` file of the folder: its bytes, or why they could not be read. */
export type StoredPlugin =
  | { readonly file: string; readonly bytes: Uint8Array }
  | { readonly file: string; readonly error: LoadError };

/**
 * Reads every `.wasm` file of a folder, one at a time: however many there are, no more than one of them
 * is in memory. A file that cannot be read does not keep the others from it. They are sorted by name,
 * and those that are known come first.
 *
 * @throws {LoadError} `config_invalid` if the folder cannot be read
 */
export async function* readPluginFolder(
  folder: string,
  isKnown: (name: string) => boolean,
): AsyncGenerator<StoredPlugin> {
  const names = await pluginNames(folder);
  for (const name of [...names.filter(isKnown), ...names.filter((name) => !isKnown(name))]) {
    yield await readPluginFile(pathOf(folder, name));
  }
}

/** Names of the `.wasm` files, sorted. @throws {LoadError} as above */
export async function pluginNames(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.name.endsWith(".wasm")) names.push(entry.name);
    }
  } catch (error) {
    const denied = permissionError(error);
    if (denied) throw denied;
    throw new LoadError(
      `Plugin folder cannot be read, ${reasonOf(error)}: ${folder}. ` +
        "Build the plugins with deno task build, or name another folder with --plugins",
      { code: "config_invalid", blame: "config", cause: error },
    );
  }
  return names.sort();
}

/** The path of a file of the folder. */
export function pathOf(folder: string, name: string): string {
  return `${folder.replace(/[\\/]+$/, "")}/${name}`;
}

/** Reads one plugin. Never throws: what is wrong stands in the answer. */
export async function readPluginFile(file: string): Promise<StoredPlugin> {
  try {
    return { file, bytes: await readPlainFile(file, LIMITS.moduleBytesMax) };
  } catch (error) {
    return { file, error: unreadable(file, messageOf(error)) };
  }
}

function unreadable(file: string, why: string): LoadError {
  return new LoadError(`Plugin cannot be read: ${file}: ${why}`, {
    code: "plugin_unreadable",
    blame: "plugin",
  });
}
