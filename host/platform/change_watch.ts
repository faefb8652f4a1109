/**
 * Looks at files whenever something changes in folders.
 *
 * Invariants
 * - Looks never overlap: what changes during one is looked at in the next.
 * - The system's word is waited for until it is quiet, but no longer than for `BURST_MS_MAX`.
 * - A look comes at least every `pollMs`, whatever the system says: a network file system tells nothing of
 *   what others do, and of a folder that was exchanged no event comes. Where nothing can be watched at
 *   all, looks come every `blindMs`.
 * - A folder with a pipe in it is not watched: the system's watcher opens what it tells of, and waits for
 *   the pipe's writer, and who ends the watcher waits for it.
 */
import { after } from "../../src/model/timer.ts";

/** How long a folder that never becomes quiet is waited for, in milliseconds. */
const BURST_MS_MAX = 1_000;
/** Where the system does not watch any more folders, it is asked again after so long, in milliseconds. */
const FULL_MS = 30_000;

/** What is watched, and what is done then. */
export interface ChangeWatchOptions {
  /** Folders to be watched now; one that is not there is looked for again. */
  readonly folders: () => readonly string[];
  /** Whether what is in their folders is watched too; false by default. */
  readonly recursive?: boolean;
  /** Whether a change of that path is worth a look; all are by default. */
  readonly concerns?: (path: string) => boolean;
  /** Looks. What it throws is for {@linkcode ChangeWatchOptions.onFailure}. */
  readonly look: () => Promise<void>;
  /** Hears what a look throws. */
  readonly onFailure: (error: unknown) => void;
  /** How long nothing has to change before a look, in milliseconds; 30 by default. */
  readonly quietMs?: number;
  /** Between looks where nothing changes, in milliseconds; 2 s by default. */
  readonly pollMs?: number | (() => number);
  /** The same where the system cannot watch; 500 ms by default. */
  readonly blindMs?: number;
}

/** Looks at files whenever something changes in folders. */
export class ChangeWatch implements AsyncDisposable {
  readonly #options: ChangeWatchOptions;
  #watcher: Deno.FsWatcher | undefined;
  /** What the watcher was made for: the folders, and what they were on the disk. */
  #folders: readonly string[] = [];
  #watched = "";
  /** Until when the system is not asked to watch, by the clock of `performance.now()`. */
  #full = 0;
  #changes = 0;
  /** A look that somebody wants, by the clock of `performance.now()`. */
  #wanted = Infinity;
  #wake = Promise.withResolvers<void>();
  #closed = false;
  readonly #running: Promise<void>;

  /** Begins to watch, with a look at once. */
  constructor(options: ChangeWatchOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Whether the system tells of changes; else they are found by looking again and again. */
  get told(): boolean {
    return this.#watcher !== undefined;
  }

  /** Wants a look in so many milliseconds at the latest. */
  nudge(ms = 0): void {
    this.#wanted = Math.min(this.#wanted, performance.now() + ms);
    this.#wake.resolve();
  }

  /** Ends it, once a look that is under way is done. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#wake.resolve();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      this.#wanted = Infinity;
      // Watched before it is looked at: what changes in between is an event.
      await this.#watch();
      if (this.#closed) break;
      try {
        await this.#options.look();
      } catch (error) {
        this.#options.onFailure(error);
      }
      await this.#untilNext();
    }
    await this.#unwatch();
  }

  async #untilNext(): Promise<void> {
    const { quietMs = 30, pollMs = 2_000, blindMs = 500 } = this.#options;
    const toldMs = typeof pollMs === "number" ? pollMs : pollMs();
    // What takes long to look at is not looked at more often, though nobody tells.
    const blind = typeof pollMs === "number" ? blindMs : Math.max(blindMs, toldMs / 4);
    const due = performance.now() + (this.told ? toldMs : blind);
    while (!this.#closed) {
      if (this.#changes > 0) {
        const burstEnds = performance.now() + BURST_MS_MAX;
        for (let seen = -1; seen !== this.#changes && performance.now() < burstEnds;) {
          seen = this.#changes;
          await this.#pause(quietMs, false);
        }
        this.#changes = 0;
        return;
      }
      const left = Math.min(due, this.#wanted) - performance.now();
      if (left <= 0) return;
      await this.#pause(left, true);
    }
  }

  /** Waits; where it may be woken, by a change, somebody's wish or the end. */
  async #pause(ms: number, wakeful: boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = after(ms, resolve);
    if (wakeful) this.#wake = Promise.withResolvers();
    try {
      await (wakeful ? Promise.race([promise, this.#wake.promise]) : promise);
    } finally {
      cancel();
    }
  }

  async #watch(): Promise<void> {
    const folders = [...new Set(this.#options.folders())];
    const state = (await Promise.all(folders.map(identityOf))).join("\n");
    if (state === this.#watched && (this.#watcher || performance.now() < this.#full)) return;
    await this.#unwatch();
    this.#watched = state;
    const there = folders.filter((_, i) => !state.split("\n")[i]!.startsWith("-"));
    if (there.length === 0 || await this.#havePipes(there)) return;
    this.#folders = there;
    try {
      this.#watcher = Deno.watchFs(there, { recursive: this.#options.recursive ?? false });
    } catch {
      // Too many are watched already, or the file system cannot: then it is looked at by the clock.
      this.#full = performance.now() + FULL_MS;
      return;
    }
    void this.#listen(this.#watcher);
  }

  async #listen(watcher: Deno.FsWatcher): Promise<void> {
    const { concerns = () => true } = this.#options;
    try {
      for await (const { kind, paths } of watcher) {
        if (kind === "access" || (paths.length > 0 && !paths.some(concerns))) continue;
        this.#changes++;
        this.#wake.resolve();
      }
    } catch {
      // It cannot tell any more; the clock does.
    }
    if (this.#watcher === watcher) this.#watcher = undefined;
  }

  async #unwatch(): Promise<void> {
    const watcher = this.#watcher;
    this.#watcher = undefined;
    // It is left to itself, and ends with the program.
    if (!watcher || await this.#havePipes(this.#folders)) return;
    try {
      watcher.close();
    } catch {
      // It has ended by itself.
    }
  }

  async #havePipes(folders: readonly string[]): Promise<boolean> {
    for (const folder of folders) {
      if (await hasPipe(folder, this.#options.recursive ?? false)) return true;
    }
    return false;
  }
}

async function hasPipe(folder: string, isDeep: boolean): Promise<boolean> {
  try {
    for await (const { name, isFile, isDirectory, isSymlink } of Deno.readDir(folder)) {
      if (isFile || (isDirectory && !isDeep)) continue;
      const path = `${folder}/${name}`;
      if (isDirectory) {
        if (await hasPipe(path, true)) return true;
        continue;
      }
      const info = await (isSymlink ? Deno.stat(path) : Deno.lstat(path)).catch(() => undefined);
      if (info?.isFifo) return true;
    }
  } catch {
    // What cannot be read has nothing that could be opened.
  }
  return false;
}

/** What a folder is on the disk: another one in its place is another. */
async function identityOf(folder: string): Promise<string> {
  try {
    const { dev, ino, isDirectory } = await Deno.stat(folder);
    return isDirectory ? `${dev}:${ino} ${folder}` : `- ${folder}`;
  } catch {
    return `- ${folder}`;
  }
}
