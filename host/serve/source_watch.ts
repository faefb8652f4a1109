/** Watches the files of a source, and says when they have changed and stand still again. */
import { dirname } from "@std/path";
import { ChangeWatch } from "../platform/change_watch.ts";
import { expandGlob, hasGlob } from "../sources/glob.ts";
import { AST_PREFIX } from "../sources/open_source.ts";
import { StandStill } from "./stand_still.ts";
import { isThere } from "../platform/is_there.ts";

/** What is watched. */
export interface SourceWatchOptions {
  /** Paths, globs, or `ast:` and a path. */
  readonly sources: readonly string[];
  /** Hears of it. */
  readonly onChange: () => void;
  /** Hears why the files cannot be looked at; looks go on. */
  readonly onFailure: (error: unknown) => void;
  /** How long files have to stand still, in milliseconds; 1 s by default. */
  readonly settleMs?: number;
  /** How many sources are watched, this one among them; 1 by default. */
  readonly watches?: () => number;
}

/** Looking at files takes at most this share of the time, for all sources together. */
const SHARE = 0.005;
const POLL_MS_MIN = 2_000;
const POLL_MS_MAX = 60_000;

/** Watches the files of a source, and says when they have changed and stand still again. */
export class SourceWatch implements AsyncDisposable {
  readonly #options: SourceWatchOptions;
  readonly #watch: ChangeWatch;
  readonly #first = Promise.withResolvers<void>();
  readonly #still: StandStill;
  #pollMs = POLL_MS_MIN;

  /** Begins. */
  constructor(options: SourceWatchOptions) {
    this.#options = options;
    const { sources, onFailure, settleMs = 1_000 } = options;
    this.#still = new StandStill(settleMs);
    this.#watch = new ChangeWatch({
      folders: () => sources.map(folderOf),
      recursive: sources.some(isDeep),
      look: async () => {
        try {
          await this.#look();
        } finally {
          this.#first.resolve();
        }
      },
      onFailure,
      pollMs: () => this.#pollMs,
    });
  }

  /** Resolves once the files were looked at: what changes from then on is told. */
  ready(): Promise<void> {
    return this.#first.promise;
  }

  /** Ends it. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#watch[Symbol.asyncDispose]();
  }

  async #look(): Promise<void> {
    const { sources, onChange, watches = () => 1 } = this.#options;
    const started = performance.now();
    const stamp = (await Promise.all(sources.map(stampOf))).join("\n");
    const pollMs = (performance.now() - started) * watches() / SHARE;
    this.#pollMs = Math.min(Math.max(POLL_MS_MIN, pollMs), POLL_MS_MAX);
    const leftMs = this.#still.look(stamp);
    if (leftMs === 0) onChange();
    else if (leftMs !== undefined) this.#watch.nudge(leftMs);
  }
}

/** The folder below which everything of a source lies. */
function folderOf(source: string): string {
  if (source.startsWith(AST_PREFIX)) return source.slice(AST_PREFIX.length) || ".";
  if (!hasGlob(source)) return dirname(source);
  const segments = source.split("/");
  const fixed = segments.slice(0, segments.findIndex(hasGlob)).join("/");
  return fixed || (source.startsWith("/") ? "/" : ".");
}

/** Whether files of a source lie in folders of its folder. */
function isDeep(source: string): boolean {
  if (source.startsWith(AST_PREFIX)) return true;
  const segments = source.split("/");
  const first = segments.findIndex(hasGlob);
  return first >= 0 && first < segments.length - 1;
}

/** Names, sizes and times of its files. */
async function stampOf(source: string): Promise<string> {
  const stamps: string[] = [];
  if (source.startsWith(AST_PREFIX)) await addTree(folderOf(source), stamps);
  else {
    const paths = hasGlob(source) && !await isThere(source) ? expandGlob(source) : [source];
    for (const path of paths) await addFile(path, stamps);
  }
  return stamps.join("\n");
}

async function addTree(folder: string, stamps: string[]): Promise<void> {
  let entries: Deno.DirEntry[];
  try {
    entries = await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotADirectory) return await addFile(folder, stamps);
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  for (const { name, isDirectory } of entries.toSorted((a, b) => a.name < b.name ? -1 : 1)) {
    // What source code leaves out by itself, and which is large.
    if (isDirectory && (name === "node_modules" || name === ".git")) continue;
    const path = `${folder}/${name}`;
    await (isDirectory ? addTree(path, stamps) : addFile(path, stamps));
  }
}

async function addFile(path: string, stamps: string[]): Promise<void> {
  try {
    const { dev, ino, size, mtime } = await Deno.stat(path);
    stamps.push([path, dev, ino, size, mtime?.getTime()].join(" "));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
