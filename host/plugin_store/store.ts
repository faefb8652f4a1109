/** The plugin folder: reads what is there, once, and nothing that is no plain file. */
import { LoadError, messageOf } from "../../src/errors.ts";
import { LIMITS } from "../../src/limits.ts";

/** One `.wasm` file of the folder: its bytes, or why they could not be read. */
export type StoredPlugin =
  | { readonly file: string; readonly bytes: Uint8Array }
  | { readonly file: string; readonly error: LoadError };

/**
 * Reads every `.wasm` file of a folder, sorted by name. A file that cannot be read does not keep the
 * others from it.
 *
 * @throws {LoadError} `config_invalid` if the folder cannot be read
 */
export async function readPluginFolder(folder: string): Promise<readonly StoredPlugin[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.name.endsWith(".wasm")) names.push(entry.name);
    }
  } catch (error) {
    throw new LoadError(
      `Plugin folder cannot be read, ${reasonOf(error)}: ${folder}. ` +
        "Build the plugins with deno task build, or name another folder with --plugins",
      { code: "config_invalid", blame: "config", cause: error },
    );
  }
  return await Promise.all(
    names.sort().map((name) => readPluginFile(`${folder.replace(/[\\/]+$/, "")}/${name}`)),
  );
}

/** Reads one plugin. Never throws: what is wrong stands in the answer. */
export async function readPluginFile(file: string): Promise<StoredPlugin> {
  try {
    const info = await Deno.lstat(file);
    if (!info.isFile) return { file, error: unreadable(file, "it is no plain file") };
    if (info.size > LIMITS.moduleBytesMax) {
      return {
        file,
        error: unreadable(file, `it has ${info.size} bytes, at most ${LIMITS.moduleBytesMax}`),
      };
    }
    using opened = await Deno.open(file);
    const { isFile, dev, ino, size } = await opened.stat();
    // Between the look and the opening, a link may have come in its place.
    if (!isFile || dev !== info.dev || ino !== info.ino || size > LIMITS.moduleBytesMax) {
      return { file, error: unreadable(file, "it was exchanged while it was read") };
    }
    return { file, bytes: await readBytes(opened, size) };
  } catch (error) {
    return { file, error: unreadable(file, reasonOf(error)) };
  }
}

/** As much as there was when the file was looked at, whatever is added meanwhile. */
async function readBytes(file: Deno.FsFile, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) break;
    length += read;
  }
  return bytes.subarray(0, length);
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "it is not there";
  if (error instanceof Deno.errors.NotADirectory) return "it is no folder";
  if (error instanceof Deno.errors.PermissionDenied) return "permission is denied";
  if (error instanceof Deno.errors.NotCapable) return "Deno was not given --allow-read for it";
  return messageOf(error);
}

function unreadable(file: string, why: string): LoadError {
  return new LoadError(`Plugin cannot be read: ${file}: ${why}`, {
    code: "plugin_unreadable",
    blame: "plugin",
  });
}
