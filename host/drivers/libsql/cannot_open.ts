/** Why a file cannot be opened: engines say only that they could not. */
import { dirname } from "@std/path";
import { LoadError, permissionError } from "../../../src/model/errors.ts";

/** The error to throw where an engine could not open a file. */
export async function cannotOpen(path: string, cause: unknown): Promise<LoadError> {
  const denied = permissionError(cause);
  if (denied) return denied;
  return failed(await why(path), path);
}

function failed(why: string, path: string): LoadError {
  return new LoadError(`Opening a database failed, ${why}: ${path}`, {
    code: "connection_failed",
    blame: "config",
    vendorCode: "SQLITE_CANTOPEN",
  });
}

async function why(path: string): Promise<string> {
  const file = await stat(path);
  if (file?.isDirectory) return "it is a folder; name a file in it";
  if (file) return "the file cannot be read; see its permissions";
  const folder = await stat(dirname(path));
  if (!folder) return "its folder does not exist; make it first";
  if (!folder.isDirectory) return "what should be its folder is a file";
  return "the file cannot be made; see the permissions of its folder";
}

async function stat(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch {
    return undefined;
  }
}
