/**
 * Bytes of a file or of standard input, decompressed where its name ends in `.gz` or its first
 * bytes are those of gzip, which are none of a text.
 */
import { LoadError, messageOf } from "../../src/model/errors.ts";
import type { PartFile } from "../../src/batching/batcher.ts";

/** What stands for standard input where a path is expected. */
export const STANDARD_INPUT = "-";

/** A file that is known to be there. */
export interface InputFile {
  /** The path as it was named, or `-`. */
  readonly path: string;
  /** Size on disk; undefined for pipes and standard input. */
  readonly bytesTotal?: number;
  /** Whether it was compressed when it was looked at; false by default. */
  readonly compressed?: boolean;
}

/**
 * What became of a file while it was read: `same`; `written` to, its size being the same; `grown`,
 * also where it was written again and is larger. One that has become smaller is not read to its end.
 */
export type FileFate = "same" | "written" | "grown";

/** Bytes that are being read. */
export interface Input {
  /**
   * Reads into the start of `into` what is there without waiting for more. Resolves to how many
   * bytes that was; to undefined at the end, and, without an error, once it is closed.
   */
  read(into: Uint8Array<ArrayBuffer>): Promise<number | undefined>;
  /** Bytes that were read of the file itself, before it is decompressed. */
  bytesRead(): number;
  /** What was done to the file while it was read to its end; undefined for what is no file. */
  fate?(): FileFate | undefined;
  /** The file for random access, where it is seekable and not compressed: once reading has begun. */
  file?(): PartFile | undefined;
  /** Stops reading and lets go of the file; may be called again. */
  close(): Promise<void>;
}

/** Bytes that are looked at first. */
const HEAD_BYTES = 16 * 1024;

/** The first two bytes of gzip. */
const GZIP_MARK = [0x1f, 0x8b] as const;

/** Whether bytes begin as gzip does. */
export function isGzip(bytes: Uint8Array): boolean {
  return GZIP_MARK.every((byte, at) => bytes[at] === byte);
}

/**
 * Opens a file or standard input.
 *
 * @throws {LoadError} `source_missing`, `source_unreadable`; reading throws `source_unreadable` too,
 * also where a compressed file is damaged or cut off, and `source_changed` where the file has become
 * smaller meanwhile
 */
export async function openInput(path: string): Promise<Input> {
  const input = path === STANDARD_INPUT ? await openStandard() : await openRegular(path);
  return isGzipName(path) ? await decompressed(input, path) : new RecognisedInput(input, path);
}

/** Whether a file of that name is decompressed, whatever its bytes are. */
export function isGzipName(path: string): boolean {
  return path.toLowerCase().endsWith(".gz");
}

/** Gives `head` once more, and then what follows in `input`. */
export function readBehind(head: Uint8Array, input: Input): Input["read"] {
  let rest = head;
  return (into) => {
    if (rest.length === 0) return input.read(into);
    const piece = rest.subarray(0, into.length);
    rest = rest.subarray(piece.length);
    into.set(piece);
    return Promise.resolve(piece.length);
  };
}

async function decompressed(input: Input, path: string): Promise<Input> {
  const { gunzip } = await import("./gunzip.ts");
  return gunzip(input, path);
}

/** The error for a path that cannot be read. @returns `source_missing` or `source_unreadable` */
export function inputError(path: string, error: unknown): LoadError {
  if (error instanceof LoadError) return error;
  if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
    return new LoadError(`No such file: ${path}`, { code: "source_missing", blame: "config" });
  }
  return new LoadError(`Cannot read ${path}: ${reasonOf(error)}`, {
    code: "source_unreadable",
    blame: "config",
    cause: error,
  });
}

/** Standard input, which may be a file too. */
async function openStandard(): Promise<FileInput> {
  // It may be closed, which reading tells.
  const info = await standardState().catch(() => undefined);
  const begun = info?.isFile
    ? { file: { stat: standardState }, info, isStandard: true }
    : undefined;
  return new FileInput(Deno.stdin, "standard input", begun);
}

/** What standard input is. Node's module asks the descriptor alone, and takes 50 ms of CPU to load. */
async function standardState(): Promise<Pick<Deno.FileInfo, "isFile" | "size" | "mtime">> {
  const path = "/dev/stdin";
  const isGranted = async () =>
    (await Deno.permissions.query({ name: "read", path })).state === "granted";
  if (Deno.build.os === "linux" && await isGranted()) {
    const info = await Deno.stat(path).catch(() => undefined);
    if (info) return info;
  }
  const info = (await import("node:fs")).fstatSync(0);
  return { isFile: info.isFile(), size: info.size, mtime: info.mtime };
}

async function openRegular(path: string): Promise<FileInput> {
  const file = await openFile(path);
  try {
    const info = await file.stat();
    // A pipe has no size.
    return new FileInput(file, path, info.isFile ? { file, info, seekable: file } : undefined);
  } catch (error) {
    file.close();
    throw inputError(path, error);
  }
}

async function openFile(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (error) {
    throw inputError(path, error);
  }
}

/** The error for a file that does not stand still. */
export function changedError(path: string): LoadError {
  return new LoadError(
    `${path} was cut or written again while it was read: what was read of it may belong to either. ` +
      "Load it again once it is whole",
    { code: "source_changed", blame: "data" },
  );
}

/** A file that is read, and what it was before. */
interface FileState {
  readonly file: { stat(): Promise<Pick<Deno.FileInfo, "size" | "mtime">> };
  readonly info:
    & Pick<Deno.FileInfo, "size" | "mtime">
    & Partial<Pick<Deno.FileInfo, "dev" | "ino">>;
  /** For random access; left out of streams. */
  readonly seekable?: Pick<Deno.FsFile, "seek" | "read">;
  /** Whether it is read where it stands, and cannot be read again. False by default. */
  readonly isStandard?: boolean;
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.NotCapable) return messageOf(error);
  if (error instanceof Deno.errors.IsADirectory) return "it is a directory";
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "reading failed";
}

/** Looks at the first bytes once they are asked for: standard input may wait for them. */
class RecognisedInput implements Input {
  readonly #file: FileInput;
  readonly #path: string;
  #content: Input["read"] | undefined;
  #gzip: Input | undefined;

  constructor(file: FileInput, path: string) {
    this.#file = file;
    this.#path = path;
  }

  bytesRead(): number {
    return this.#file.bytesRead();
  }

  fate(): FileFate | undefined {
    return this.#file.fate();
  }

  file(): PartFile | undefined {
    const file = this.#gzip ? undefined : this.#file.file();
    const seek = (offset: number) => {
      this.#content = (into) => this.#file.read(into);
      file!.seek(offset);
    };
    return file && { ...file, seek };
  }

  async read(into: Uint8Array<ArrayBuffer>): Promise<number | undefined> {
    this.#content ??= await this.#recognise();
    return await this.#content(into);
  }

  async close(): Promise<void> {
    await this.#gzip?.close();
    await this.#file.close();
  }

  async #recognise(): Promise<Input["read"]> {
    const bytes = new Uint8Array(HEAD_BYTES);
    let length = 0;
    while (length < GZIP_MARK.length) {
      const count = await this.#file.read(bytes.subarray(length));
      if (count === undefined) break;
      length += count;
    }
    const head = bytes.subarray(0, length);
    const read = readBehind(head, this.#file);
    if (!isGzip(head)) return read;
    const whole: Input = {
      read,
      bytesRead: () => this.#file.bytesRead(),
      fate: () => this.#file.fate(),
      close: () => this.#file.close(),
    };
    this.#gzip = await decompressed(whole, this.#path);
    return this.#gzip.read;
  }
}

class FileInput implements Input {
  readonly #file: Pick<Deno.FsFile, "read" | "close">;
  readonly #path: string;
  /** A file that can be looked at, and what it was before it was read. */
  readonly #begun: FileState | undefined;
  #bytesRead = 0;
  #closed = false;
  #fate: FileFate | undefined;
  /** Where reading goes on, once it was read by random access. */
  #position: number | undefined;
  /** Reads at places take turns: the file has one position. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Its size when that was asked for last. */
  #sizeSeen = 0;

  constructor(file: Pick<Deno.FsFile, "read" | "close">, path: string, begun?: FileState) {
    this.#file = file;
    this.#path = path;
    this.#begun = begun;
  }

  bytesRead(): number {
    return this.#bytesRead;
  }

  fate(): FileFate | undefined {
    return this.#fate;
  }

  /** The file, where it is seekable. */
  file(): PartFile | undefined {
    const { info, seekable } = this.#begun ?? {};
    if (!info || !seekable || info.dev === undefined) return undefined;
    // Files of /proc, and of some networks, hold more than their size says.
    if (info.size < this.#bytesRead) return undefined;
    return {
      path: this.#path,
      device: info.dev,
      inode: info.ino ?? null,
      size: info.size,
      readAt: (into, offset) => this.#readAt(into, offset),
      sizeNow: async () => this.#sizeSeen = (await this.#begun!.file.stat()).size,
      endedAt: (offset) => offset >= info.size && this.#sizeSeen > offset,
      seek: (offset) => {
        this.#position = offset;
        this.#fate = undefined;
        this.#bytesRead = Math.min(this.#bytesRead, offset);
      },
      passed: (bytes) => void (this.#bytesRead += bytes),
      end: async (offset) => {
        const more = !this.#closed && await this.#readAt(new Uint8Array(1), offset) > 0;
        // What it holds behind its size would be left out.
        if (more && (await this.#begun!.file.stat()).size <= offset) throw changedError(this.#path);
        this.#bytesRead = offset;
        await this.#end();
        await this.close();
      },
    };
  }

  async read(into: Uint8Array<ArrayBuffer>): Promise<number | undefined> {
    if (this.#position !== undefined) return await this.#readOn(into, this.#position);
    while (!this.#closed) {
      const count = await this.#read(into);
      if (count === null) {
        await this.#end();
        return undefined;
      }
      if (count > 0) {
        this.#bytesRead += count;
        return count;
      }
    }
    return undefined;
  }

  close(): Promise<void> {
    // Closing interrupts a read that waits, so that nothing keeps the process alive.
    if (!this.#closed) this.#file.close();
    this.#closed = true;
    return Promise.resolve();
  }

  /** Reads on from a position; whether the file has changed is checked by whoever reads it by random access. */
  async #readOn(into: Uint8Array<ArrayBuffer>, at: number): Promise<number | undefined> {
    const count = await this.#readAt(into, at);
    this.#position = at + count;
    this.#bytesRead += count;
    return count === 0 ? undefined : count;
  }

  #readAt(into: Uint8Array<ArrayBuffer>, offset: number): Promise<number> {
    const { seekable } = this.#begun!;
    const work = async () => {
      try {
        await seekable!.seek(offset, Deno.SeekMode.Start);
        return await seekable!.read(into) ?? 0;
      } catch (error) {
        throw inputError(this.#path, error);
      }
    };
    const read = this.#turn.then(work);
    this.#turn = read.catch(() => {});
    return read;
  }

  /** @throws {LoadError} `source_changed` where less was there than there is to be */
  async #end(): Promise<void> {
    if (this.#closed) return;
    const begun = this.#begun;
    if (begun) {
      const { size, mtime } = await begun.file.stat();
      const { info } = begun;
      const written = mtime?.getTime() !== info.mtime?.getTime();
      const isCut = begun.isStandard
        ? size < info.size || (written && size === info.size)
        : this.#bytesRead < info.size || size < this.#bytesRead;
      if (isCut) throw changedError(this.#path);
      if (!begun.isStandard) this.#fate = size > info.size ? "grown" : written ? "written" : "same";
    }
    // One that is seekable may be read once more.
    if (!begun?.seekable) await this.close();
  }

  async #read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    try {
      return await this.#file.read(into);
    } catch (error) {
      if (this.#closed) return null;
      throw inputError(this.#path, error);
    }
  }
}
