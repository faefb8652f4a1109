/**
 * Puts a plugin into its folder and into `plugins.lock`: both, or neither, however the program ends. Whoever
 * reads the folder meanwhile finds the old file or the new one.
 */
import { LoadError, messageOf, permissionError } from "../../../src/model/errors.ts";
import { writeAtomic } from "../../platform/atomic_write.ts";
import { isThere } from "../../platform/is_there.ts";
import { readPlainFile } from "../../platform/plain_file.ts";
import { sha256 } from "../../platform/sha256.ts";
import { type GrantChange, recordOf } from "../store/admission.ts";
import { changePluginLock, LOCK_FILE } from "../store/plugin_lock.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { SIGNATURE_SUFFIX } from "../store/signature.ts";
import { finishStaged, hashAt, moveIn, stagedAt, writeStaged } from "../store/staged_plugin.ts";
import { pathOf } from "../store/store.ts";
import { type Candidate, checkPlace, checkUnchanged } from "./candidate.ts";
import { installRefused, type PluginDeed } from "./refusal.ts";

/** What is done to the disk; the functions of this program by default. */
export interface PlaceOptions {
  /** Writes a file that is not there yet. */
  readonly write?: (file: string, bytes: Uint8Array) => Promise<void>;
}

/** Installs it. @throws {LoadError} `install_refused`, and the folder is as it was */
export async function place(
  candidate: Candidate,
  { write = writeStaged }: PlaceOptions = {},
): Promise<GrantChange> {
  await checkUnchanged(candidate);
  const { folder, source: { name }, plugin, grants } = candidate;
  let undoFolder: (() => Promise<void>) | undefined;
  let staged: StagedFile[] = [];
  let change: GrantChange | undefined;
  try {
    if (await makeFolder(folder)) undoFolder = () => removeFolder(folder);
    await changePluginLock(folder, async (plugins) => {
      await finishStaged(folder, plugins);
      staged = await stage(candidate, write);
      const record = recordOf(plugin, grants);
      change = { file: name, before: plugins.get(name), after: record };
      plugins.set(name, record);
    }, () => moveAllIn(staged));
    return change!;
  } catch (error) {
    for (const { at } of staged) await Deno.remove(at).catch(() => {});
    await undoFolder?.().catch(() => {});
    throw folderFailure(error, folder);
  }
}

/** A file beside its place. */
interface StagedFile {
  /** Where it is now. */
  readonly at: string;
  /** Where it goes. */
  readonly path: string;
}

/** Writes the file, and its signature, beside their places; what cannot be written leaves nothing. */
async function stage(
  { folder, source: { name }, plugin, bytes, signature, found }: Candidate,
  write: NonNullable<PlaceOptions["write"]>,
): Promise<StagedFile[]> {
  const file = pathOf(folder, name);
  const id = crypto.randomUUID();
  const staged: StagedFile[] = [];
  const put = async (suffix: string, contents: Uint8Array) => {
    await checkPlace(file + suffix);
    const at = stagedAt(folder, name + suffix, id);
    // Where it is moved in, the plugin comes last.
    staged.unshift({ at, path: file + suffix });
    await write(at, contents);
  };
  try {
    await put("", bytes);
    if (signature !== undefined) {
      await put(SIGNATURE_SUFFIX, new TextEncoder().encode(`${signature.trim()}\n`));
    }
    await checkStaged(staged.at(-1)!, plugin.sha256);
    if (await hashAt(file) !== found) {
      throw installRefused("target_changed", `${file} was changed since it was looked at`);
    }
    return staged;
  } catch (error) {
    for (const { at } of staged) await Deno.remove(at).catch(() => {});
    throw error;
  }
}

/** All of them, or none. */
async function moveAllIn(staged: readonly StagedFile[]): Promise<void> {
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const { at, path } of staged) {
      const putBack = await keeping(path);
      await moveIn(at, path);
      undo.unshift(putBack);
    }
  } catch (error) {
    for (const step of undo) await step().catch(() => {});
    throw error;
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

async function removeFolder(folder: string): Promise<void> {
  // By now, the lock may be there, of no plugin.
  await Deno.remove(pathOf(folder, LOCK_FILE)).catch(() => {});
  await Deno.remove(folder);
}

/** What was vetted is what has to lie there. */
async function checkStaged({ at, path }: StagedFile, hash: string): Promise<void> {
  const bytes = await readPlainFile(at, LIMITS.moduleBytesMax).catch((error) => {
    throw installRefused("placed_differs", `${path} cannot be read again: ${messageOf(error)}`);
  });
  if (await sha256(bytes) === hash) return;
  throw installRefused("placed_differs", `${path} is not what was written there`);
}

/** What has kept a folder from being changed, as a refusal where it is one. */
export function folderFailure(
  error: unknown,
  folder: string,
  done: PluginDeed = "installed",
): unknown {
  if (error instanceof LoadError && error.code === "install_refused") return error;
  const denied = permissionError(error);
  if (denied) return denied;
  const cause = error instanceof LoadError && error.cause ? error.cause : error;
  const { code } = cause as { readonly code?: unknown };
  if (cause instanceof Deno.errors.PermissionDenied || code === "EROFS" || code === "EACCES") {
    return installRefused("folder_unwritable", `${folder} cannot be written to`, { cause, done });
  }
  if (code === "ENOSPC" || code === "EDQUOT") {
    return installRefused("disk_full", `there is no room in ${folder}`, { cause, done });
  }
  if (error instanceof LoadError) return error;
  const deed = done === "installed" ? "written" : done;
  return installRefused("write_failed", `it cannot be ${deed}: ${messageOf(cause)}`, {
    cause,
    done,
  });
}
