/**
 * A plugin's file, and its signature, on the way into the folder: written beside their places under hidden
 * names, and moved there once `plugins.lock` knows the file.
 *
 * Invariants
 * - All of this is done with the lock held: what another program finds staged was left by one that
 *   was killed.
 * - What was left is moved in where the lock knows it, and else removed: file and lock are both as they
 *   were, or both as they were to be.
 */
import { LoadError } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { syncFolder, writeAll } from "../../platform/held_file.ts";
import { readPlainFile } from "../../platform/plain_file.ts";
import { sha256 } from "../../platform/sha256.ts";
import { changePluginLock, type LockedPlugins } from "./plugin_lock.ts";
import { SIGNATURE_SUFFIX } from "./signature.ts";
import { pathOf } from "./store.ts";

/** What a staged file is called: hidden, what it is to be, and a number that its signature has too. */
const STAGED = /^\.(.+\.wasm)(\.sig)?\.([0-9a-f-]{36})\.staged$/;

/** What a lock is called that a program was about to put into the place of the one that is there. */
const STAGED_LOCK = /^\.plugins\.lock\.[0-9a-f-]{36}$/;
/** One that is younger may be another program's first, which is made without anybody holding a lock. */
const LOCK_AGE_MS_MIN = 60_000;

/** Files that were staged together, by their names; see {@linkcode STAGED}. */
interface Staged {
  /** What the plugin's file is to be called. */
  readonly name: string;
  file?: string;
  signature?: string;
}

/** Where a file of that name is staged. */
export function stagedAt(folder: string, name: string, id: string): string {
  return pathOf(folder, `.${name}.${id}.staged`);
}

/** Writes a file that is not there yet; resolves once it is on the disk. */
export async function writeStaged(path: string, bytes: Uint8Array): Promise<void> {
  using opened = await Deno.open(path, { write: true, createNew: true });
  await writeAll(opened, bytes);
  await opened.sync();
}

/** Moves a staged file to its place; it has the permissions of what was there. */
export async function moveIn(staged: string, path: string): Promise<void> {
  const info = await Deno.lstat(path).catch(() => undefined);
  if (info?.isFile && info.mode !== null && Deno.build.os !== "windows") {
    await Deno.chmod(staged, info.mode & 0o777);
  }
  await Deno.rename(staged, path);
  await syncFolder(path);
}

/**
 * Puts a folder in order where a program was killed that was placing a plugin. Nothing happens where none
 * was, or where this program may not write.
 *
 * @throws {LoadError} `config_invalid` where the lock cannot be read
 */
export async function finishPlacing(folder: string): Promise<void> {
  const { plugins, locks } = await stagedIn(folder);
  if (plugins.length + locks.length === 0) return;
  try {
    await changePluginLock(folder, (plugins) => finishStaged(folder, plugins));
  } catch (error) {
    // Whoever may write here does it; what is half placed is refused until then.
    if (error instanceof LoadError && error.code === "config_invalid") throw error;
  }
}

/** The same, where this program has the lock in hand, which says this. */
export async function finishStaged(folder: string, plugins: LockedPlugins): Promise<void> {
  const staged = await stagedIn(folder);
  for (const { name, file, signature } of staged.plugins) {
    const path = pathOf(folder, name);
    const hash = file === undefined ? undefined : await hashAt(file);
    if (file !== undefined && hash !== undefined && hash === plugins.get(name)?.sha256) {
      if (signature !== undefined) await moveIn(signature, path + SIGNATURE_SUFFIX);
      await moveIn(file, path);
      continue;
    }
    for (const left of [file, signature]) if (left !== undefined) await Deno.remove(left);
  }
  for (const left of staged.locks) await Deno.remove(left);
}

/** The hash of a file that can be let in; undefined where there is none. */
export async function hashAt(file: string): Promise<string | undefined> {
  const bytes = await readPlainFile(file, LIMITS.moduleBytesMax).catch(() => undefined);
  return bytes && await sha256(bytes);
}

/** What was left. */
interface Left {
  readonly plugins: readonly Staged[];
  /** Paths. */
  readonly locks: readonly string[];
}

async function stagedIn(folder: string): Promise<Left> {
  const found = new Map<string, Staged>();
  const locks: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      const path = pathOf(folder, entry.name);
      if (STAGED_LOCK.test(entry.name) && await isOld(path)) locks.push(path);
      const [, name, suffix, id] = STAGED.exec(entry.name) ?? [];
      if (id === undefined || name === undefined) continue;
      const staged = found.get(id) ?? { name };
      staged[suffix === undefined ? "file" : "signature"] = path;
      found.set(id, staged);
    }
  } catch {
    // Whoever reads the folder says why it cannot be read.
  }
  return { plugins: [...found.values()], locks };
}

async function isOld(path: string): Promise<boolean> {
  const { mtime } = await Deno.lstat(path);
  return Date.now() - (mtime?.getTime() ?? Date.now()) > LOCK_AGE_MS_MIN;
}
