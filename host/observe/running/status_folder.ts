/** Where the status files of a user's programs are. */
import { join } from "@std/path";
import { reasonOf } from "../../platform/plain_file.ts";

/** What was found in its place. */
export interface StatusFolder {
  /** Why it is not to be used, where it is not. */
  readonly fault?: string;
  /** Whether there is none. */
  readonly missing?: boolean;
}

/** Names another folder than the default. */
export const FOLDER_VARIABLE = "SNAKEPIPE_STATUS_DIR";

/**
 * The folder: `/tmp/snakepipe-UID` unless `SNAKEPIPE_STATUS_DIR` says otherwise; undefined where the
 * system has no users, or this program may not ask. Nobody is asked for a permission.
 */
export function folderPath(): string | undefined {
  const isNamed = isGranted({ name: "env", variable: FOLDER_VARIABLE });
  const named = isNamed ? Deno.env.get(FOLDER_VARIABLE) : undefined;
  const user = isGranted({ name: "sys", kind: "uid" }) ? Deno.uid() : null;
  if (user === null) return undefined;
  const path = named || join("/tmp", `snakepipe-${user}`);
  return isGranted({ name: "read", path }) && isGranted({ name: "write", path }) ? path : undefined;
}

/** Looks whether a folder is ours alone: nobody else can put a file there, or a link in its place. */
export async function lookAt(path: string): Promise<StatusFolder> {
  try {
    const { isDirectory, uid, mode } = await Deno.lstat(path);
    if (!isDirectory) return { fault: "it is no folder" };
    if (uid !== Deno.uid()) return { fault: "it belongs to somebody else" };
    if (((mode ?? 0) & 0o077) !== 0) return { fault: "others may open it" };
    return {};
  } catch (error) {
    return { fault: reasonOf(error), missing: error instanceof Deno.errors.NotFound };
  }
}

/** Makes it where it is missing. */
export async function makeFolder(path: string): Promise<StatusFolder> {
  await Deno.mkdir(path, { mode: 0o700 }).catch(() => {});
  return await lookAt(path);
}

function isGranted(permission: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(permission).state === "granted";
}
