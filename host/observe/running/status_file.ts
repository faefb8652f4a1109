/**
 * The file by which a program that loads is seen from another shell.
 *
 * Invariants
 * - It is locked by the system for as long as the program lives: who finds it without a lock knows that the
 *   program was killed, also where another process has its number now.
 * - It is replaced whole, and locked before it has its name.
 * - It is gone once the program has nothing to tell.
 */
import { join } from "@std/path";
import { isAt, putLocked, writeAll } from "../../platform/held_file.ts";
import { VERSION } from "../../platform/version.ts";
import { folderPath, makeFolder } from "./status_folder.ts";
import type { ToldLoads, ToldProgram } from "./told_program.ts";

/** What is the same is written again after so long, since folders of temporary files are cleaned. */
const SAME_MS = 60_000;
/** What a killed program has left is looked at by somebody within this time, or by nobody. */
const LEFT_OVER_MS = 24 * 60 * 60 * 1_000;

/** The file of this program. */
export class StatusFile {
  readonly #path: string | undefined;
  readonly #head: Pick<ToldProgram, "program" | "since" | "folder">;
  readonly #now: () => number;
  #file: Deno.FsFile | undefined;
  #written: { readonly text: string; readonly at: number } | undefined;

  private constructor(
    path: string | undefined,
    head: Pick<ToldProgram, "program" | "since" | "folder">,
    now: () => number,
  ) {
    this.#path = path;
    this.#head = head;
    this.#now = now;
  }

  /** One of a new name, which is there once it is written; never where it may not be. */
  static async open(
    { program, since, now }: {
      readonly program: string;
      /** Milliseconds since the epoch. */
      readonly since: number;
      readonly now: () => number;
    },
  ): Promise<StatusFile> {
    const path = await pathOfNew();
    const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";
    const folder = mayRead ? { folder: Deno.cwd() } : {};
    return new StatusFile(path, { program, since: new Date(since).toISOString(), ...folder }, now);
  }

  /** Writes what is told. @throws what the file system throws */
  async write(told: ToldLoads): Promise<void> {
    if (this.#path === undefined) return;
    const at = this.#now();
    const text = JSON.stringify(told);
    if (this.#written?.text === text && at - this.#written.at < SAME_MS) return;
    const status: ToldProgram = {
      ...{ version: 1, snakepipe: VERSION, pid: Deno.pid, at: new Date(at).toISOString() },
      ...this.#head,
      ...told,
    };
    const bytes = new TextEncoder().encode(JSON.stringify(status));
    const next = await putLocked(
      this.#path,
      { mode: 0o600, durable: false },
      (to) => writeAll(to, bytes),
    );
    this.#file?.close();
    this.#file = next.file;
    this.#written = { text, at };
  }

  /** Removes it, before the lock goes: nobody takes the program for killed. */
  async remove(): Promise<void> {
    if (!this.#file) return;
    await Deno.remove(this.#path!).catch(() => {});
    this.#file.close();
    this.#file = undefined;
  }
}

async function pathOfNew(): Promise<string | undefined> {
  const path = folderPath();
  if (path === undefined) return undefined;
  const { fault } = await makeFolder(path);
  if (fault !== undefined) return undefined;
  await cleanUp(path).catch(() => {});
  return join(path, `${Deno.pid}-${crypto.randomUUID().slice(0, 8)}.json`);
}

/** Removes what programs have left that were killed long ago. */
async function cleanUp(folder: string): Promise<void> {
  const before = Date.now() - LEFT_OVER_MS;
  for await (const { name, isFile } of Deno.readDir(folder)) {
    const path = join(folder, name);
    const { mtime } = isFile ? await Deno.lstat(path) : {};
    if (mtime && mtime.getTime() < before) await removeLeftOver(path);
  }
}

/** Removes a file that nobody has locked; whether it is gone by this. */
export async function removeLeftOver(path: string): Promise<boolean> {
  using file = await Deno.open(path);
  if (!await file.tryLock(false) || !await isAt(file, path)) return false;
  await Deno.remove(path);
  return true;
}
