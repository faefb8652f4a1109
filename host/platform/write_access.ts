/** Whether a file or a folder can be written, found out without writing. */
import { access, constants } from "node:fs/promises";
import { messageOf } from "../../src/model/errors.ts";
import { reasonOf } from "./plain_file.ts";

/**
 * Why a plain file cannot be appended to; undefined where it can. The system itself is asked, by opening
 * it: mode bits say nothing of root, of a file system that is read-only, nor of access lists.
 */
export async function appendFault(file: string): Promise<string | undefined> {
  try {
    // A pipe would be waited for.
    const { isFile } = await Deno.stat(file);
    if (!isFile) return await modeFault(file, constants.W_OK);
    (await Deno.open(file, { append: true })).close();
    return undefined;
  } catch (error) {
    return error instanceof Deno.errors.PermissionDenied ? "permission is denied" : reasonOf(error);
  }
}

/**
 * The same of a database's file that an engine may have open: it is opened only where its mode bits
 * forbid it, since who closes a file gives up all locks that the process has on it.
 */
export async function databaseFault(file: string): Promise<string | undefined> {
  const fault = await modeFault(file, constants.R_OK | constants.W_OK);
  return fault === undefined ? undefined : await appendFault(file);
}

/** Why no file can be made in a folder; undefined where one can, as far as mode bits say. */
export async function folderFault(folder: string): Promise<string | undefined> {
  const fault = await modeFault(folder, constants.W_OK | constants.X_OK);
  if (fault === undefined || !await isFolder(folder)) return fault;
  // They do not bind root.
  return Deno.build.os !== "windows" && Deno.uid() === 0 ? undefined : fault;
}

function isFolder(path: string): Promise<boolean> {
  return Deno.stat(path).then(({ isDirectory }) => isDirectory, () => false);
}

async function modeFault(path: string, mode: number): Promise<string | undefined> {
  try {
    await access(path, mode);
    return undefined;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : messageOf(error);
  }
}
