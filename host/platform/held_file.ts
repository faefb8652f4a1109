/**
 * A file that one program at a time has in hand: opened, locked, and still the one of its name.
 *
 * Invariants
 * - Nothing but a plain file is opened: a pipe would be waited for, and a device takes what it gets.
 * - The lock is the system's: it ends with the program, however that ends.
 * - The file is replaced whole, by one that is made beside it under a name that nobody can know and
 *   locked before it takes its place. No link is followed to make it, and none is left where it fails.
 */

/** How to open one. */
export interface HoldOptions {
  /** Makes it where it is missing. */
  readonly create: boolean;
  /** What it holds before anything else is written to it; nothing by default. */
  readonly initial?: Uint8Array<ArrayBuffer>;
  /** Whether a link leads to the file that is meant; else it is refused. */
  readonly links: boolean;
  /** How long to wait for another program that has it, in milliseconds; not at all by default. */
  readonly waitMs?: number;
}

/** What became of a file meanwhile that somebody else laid hands on. */
export type Disturbance = "removed" | "moved" | "cut" | "written";

/** Why a file cannot be held, in words that go on after its name and a colon. */
export class UnholdableFile extends Error {
  readonly kind: "missing" | "no_plain_file" | "in_use";

  /** Makes the error of a reason. */
  constructor(kind: UnholdableFile["kind"], reason: string) {
    super(reason);
    this.kind = kind;
  }
}

const POLL_MS = 20;

/** A file that one program at a time has in hand: opened, locked, and still the one of its name. */
export class HeldFile implements AsyncDisposable {
  /** Without links. */
  readonly path: string;
  /** Whether it was not there before. */
  readonly created: boolean;
  #file: Deno.FsFile;
  /** Bytes, as this program has left it. */
  #size: number;

  private constructor(
    path: string,
    { file, size, created }: {
      readonly file: Deno.FsFile;
      readonly size: number;
      readonly created: boolean;
    },
  ) {
    this.path = path;
    this.created = created;
    this.#file = file;
    this.#size = size;
  }

  /** Opens and locks a file. @throws {UnholdableFile}, and what the file system throws */
  static async open(path: string, options: HoldOptions): Promise<HeldFile> {
    const until = performance.now() + (options.waitMs ?? 0);
    for (let created = false;;) {
      const real = await plainFile(path, options);
      if (real === undefined) {
        if (!options.create) throw new UnholdableFile("missing", "it is not there");
        created = await make(path, options.initial) || created;
        continue;
      }
      const file = await openThere(real);
      if (!file) continue;
      let held: HeldFile | undefined;
      try {
        if (await file.tryLock(true)) {
          const { isFile, size } = await file.stat();
          if (isFile && await isAt(file, real)) {
            return held = new HeldFile(real, { file, size, created });
          }
        } else if (performance.now() >= until) {
          throw new UnholdableFile("in_use", "another program has it in hand");
        } else await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      } finally {
        if (!held) file.close();
      }
    }
  }

  /** Bytes, as this program has left it. */
  get size(): number {
    return this.#size;
  }

  /** What somebody else has done to it; undefined where it is as this program has left it. */
  async disturbance(): Promise<Disturbance | undefined> {
    const { nlink, size } = await this.#file.stat();
    if (nlink === 0) return "removed";
    if (!await isAt(this.#file, this.path)) return "moved";
    return size === this.#size ? undefined : size < this.#size ? "cut" : "written";
  }

  /** Opens it once more, to read it from its start: as it is now, whatever takes its place later. */
  read(): Promise<Deno.FsFile> {
    return Deno.open(this.path);
  }

  /** Appends bytes, and resolves once they are on the disk. Where it fails, nothing is appended. */
  async append(bytes: Uint8Array): Promise<void> {
    const before = this.#size;
    try {
      await writeAll(this.#file, bytes);
      await this.#file.syncData();
      this.#size += bytes.length;
    } catch (error) {
      await this.cut(before).catch(() => {});
      throw error;
    }
  }

  /** Cuts off what stands behind so many bytes. */
  async cut(size: number): Promise<void> {
    await this.#file.truncate(size);
    this.#size = size;
  }

  /**
   * Puts another file in its place, with the same permissions: what `write` writes. Resolves once
   * that is on the disk.
   */
  async replace(write: (to: Deno.FsFile) => Promise<void>): Promise<void> {
    const { mode } = await this.#file.stat();
    const next = await putLocked(this.path, { mode, durable: true }, write);
    this.#file.close();
    this.#file = next.file;
    this.#size = next.size;
    await syncFolder(this.path);
  }

  /** Lets go of it; what was made and is to be nowhere is removed. */
  async discard(): Promise<void> {
    if (this.created && this.#size === 0) await Deno.remove(this.path).catch(() => {});
    this.#file.close();
  }

  /** Lets go of it. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#file.close();
    return Promise.resolve();
  }
}

/**
 * Puts a file in the place of whatever has its name, or of nothing: whole, and locked before anybody can
 * see it. The lock lasts until what is returned is closed.
 *
 * @throws what the file system throws, or `write` does; nothing is left then
 */
export async function putLocked(
  path: string,
  { mode, durable }: {
    /** Its permissions; those of any new file where null. */
    readonly mode: number | null;
    /** Whether its bytes have to be on the disk before it has its name. */
    readonly durable: boolean;
  },
  write: (to: Deno.FsFile) => Promise<void>,
): Promise<{ readonly file: Deno.FsFile; readonly size: number }> {
  const draft = draftOf(path);
  const file = await Deno.open(draft, {
    read: true,
    append: true,
    createNew: true,
    ...(mode === null ? {} : { mode: mode & 0o777 }),
  });
  try {
    await file.lock(true);
    // What the mode of this process leaves out, too.
    if (mode !== null && Deno.build.os !== "windows") await Deno.chmod(draft, mode & 0o777);
    await write(file);
    if (durable) await file.sync();
    const { size } = await file.stat();
    await Deno.rename(draft, path);
    return { file, size };
  } catch (error) {
    file.close();
    await Deno.remove(draft).catch(() => {});
    throw error;
  }
}

/** Writes all of the bytes. */
export async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}

/** A name beside a file that nobody can know beforehand. */
export function draftOf(path: string): string {
  const [, folder = "", name = path] = /^(.*[\\/])([^\\/]*)$/.exec(path) ?? [];
  return `${folder}.${name}.${crypto.randomUUID()}`;
}

/** Has the name of a file on the disk, as well as its bytes, where the system knows how. */
export async function syncFolder(path: string): Promise<void> {
  const folder = /^(.*[\\/])[^\\/]*$/.exec(path)?.[1] ?? ".";
  // A program may be allowed the file alone.
  if (Deno.permissions.querySync({ name: "read", path: folder }).state !== "granted") return;
  try {
    using opened = await Deno.open(folder);
    await opened.sync();
  } catch {
    // Windows opens no folders.
  }
}

/** What stands at a path where no plain file does, in words. */
export function kindOf(info: Deno.FileInfo): string {
  if (info.isDirectory) return "a folder";
  if (info.isSymlink) return "a link";
  if (info.isFifo) return "a pipe";
  if (info.isSocket) return "a socket";
  return info.isCharDevice || info.isBlockDevice ? "a device" : "no plain file";
}

/** The path without links; undefined where nothing is there. @throws {UnholdableFile} */
export async function plainFile(
  path: string,
  { links }: Pick<HoldOptions, "links">,
): Promise<string | undefined> {
  try {
    const info = await Deno.lstat(path);
    if (!info.isSymlink) return plain(info, path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  if (!links) throw new UnholdableFile("no_plain_file", "it is a link");
  try {
    return plain(await Deno.stat(path), await Deno.realPath(path));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UnholdableFile("no_plain_file", "it is a link that leads nowhere");
  }
}

function plain(info: Deno.FileInfo, path: string): string {
  if (info.isFile) return path;
  throw new UnholdableFile("no_plain_file", `it is ${kindOf(info)}`);
}

/** Makes a file; false where somebody else was faster. */
async function make(path: string, initial = new Uint8Array(0)): Promise<boolean> {
  if (initial.length > 0) return await makeWhole(path, initial);
  try {
    (await Deno.open(path, { append: true, createNew: true })).close();
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
  await syncFolder(path);
  return true;
}

/** Nobody ever sees it empty. */
async function makeWhole(path: string, initial: Uint8Array): Promise<boolean> {
  const draft = draftOf(path);
  try {
    await Deno.writeFile(draft, initial, { createNew: true });
    await Deno.link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  } finally {
    await Deno.remove(draft).catch(() => {});
    await syncFolder(path);
  }
}

/** Undefined where it is not there any more. */
async function openThere(path: string): Promise<Deno.FsFile | undefined> {
  try {
    return await Deno.open(path, { read: true, append: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Whether an open file is the one of that name: another may have been put in its place. */
export async function isAt(file: Deno.FsFile, path: string): Promise<boolean> {
  try {
    const [open, there] = await Promise.all([file.stat(), Deno.lstat(path)]);
    return open.ino === there.ino && open.dev === there.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
