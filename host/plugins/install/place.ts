/**
 * Puts a plugin into its folder and into `plugins.lock`: both, or neither. Whoever reads the folder
 * meanwhile finds the old file or the new one.
 */
import { LoadError, messageOf, permissionError } from "../../../src/model/errors.ts";
import { writeAtomic } from "../../platform/atomic_write.ts";
import { readPlainFile } from "../../platform/plain_file.ts";
import { sha256 } from "../../platform/sha256.ts";
import { type GrantChange, recordOf } from "../store/admission.ts";
import { changePluginLock, LOCK_FILE } from "../store/plugin_lock.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { SIGNATURE_SUFFIX } from "../store/signature.ts";
import { pathOf } from "../store/store.ts";
import { type Candidate, checkPlace, checkUnchanged } from "./candidate.ts";
import { installRefused } from "./refusal.ts";
import { isThere } from "../../platform/is_there.ts";

/** What is done to the disk; the functions of this program by default. */
export interface PlaceOptions {
  readonly write?: (file: string, bytes: Uint8Array) => Promise<void>;
}

/** Installs it. @throws {LoadError} `install_refused`, and the folder is as it was */
export async function place(
  candidate: Candidate,
  { write = writeAtomic }: PlaceOptions = {},
): Promise<GrantChange> {
  await checkUnchanged(candidate);
  const { folder, source: { name }, plugin, bytes, signature, before } = candidate;
  const file = pathOf(folder, name);
  const undo: (() => Promise<void>)[] = [];
  const put = async (path: string, contents: Uint8Array) => {
    await checkPlace(path);
    undo.unshift(await keeping(path));
    await write(path, contents);
  };
  let change: GrantChange | undefined;
  try {
    if (await makeFolder(folder)) {
      undo.push(async () => {
        // By now, the lock may be there, of no plugin.
        await Deno.remove(pathOf(folder, LOCK_FILE)).catch(() => {});
        await Deno.remove(folder);
      });
    }
    await changePluginLock(folder, async (plugins) => {
      if (signature !== undefined) {
        await put(file + SIGNATURE_SUFFIX, new TextEncoder().encode(`${signature.trim()}\n`));
      }
      await put(file, bytes);
      await checkPlaced(file, plugin.sha256);
      const record = recordOf(plugin, before?.grants ?? []);
      change = { file: name, before: plugins.get(name), after: record };
      plugins.set(name, record);
    });
    return change!;
  } catch (error) {
    for (const step of undo) await step().catch(() => {});
    throw failure(error, folder);
  }
}

/** What puts a file back as it is now. */
async function keeping(path: string): Promise<() => Promise<void>> {
  try {
    const bytes = await readPlainFile(path, LIMITS.moduleBytesMax);
    return () => writeAtomic(path, bytes);
  } catch {
    return () => Deno.remove(path);
  }
}

/** Whether it was not there before. */
async function makeFolder(folder: string): Promise<boolean> {
  if (await isThere(folder)) return false;
  await Deno.mkdir(folder, { recursive: true });
  return true;
}

/** What was vetted is what has to lie there. */
async function checkPlaced(file: string, hash: string): Promise<void> {
  const bytes = await readPlainFile(file, LIMITS.moduleBytesMax).catch((error) => {
    throw installRefused("placed_differs", `${file} cannot be read again: ${messageOf(error)}`);
  });
  if (await sha256(bytes) === hash) return;
  throw installRefused("placed_differs", `${file} is not what was written there`);
}

function failure(error: unknown, folder: string): unknown {
  if (error instanceof LoadError && error.code === "install_refused") return error;
  const denied = permissionError(error);
  if (denied) return denied;
  const cause = error instanceof LoadError && error.cause ? error.cause : error;
  const { code } = cause as { readonly code?: unknown };
  if (cause instanceof Deno.errors.PermissionDenied || code === "EROFS" || code === "EACCES") {
    return installRefused("folder_unwritable", `${folder} cannot be written to`, { cause });
  }
  if (code === "ENOSPC" || code === "EDQUOT") {
    return installRefused("disk_full", `there is no room in ${folder}`, { cause });
  }
  if (error instanceof LoadError) return error;
  return installRefused("write_failed", `it cannot be written: ${messageOf(cause)}`, { cause });
}
