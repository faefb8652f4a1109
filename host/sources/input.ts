/** Bytes of a file or of standard input, decompressed where the name ends in `.gz`. */
import { pipeline, type Readable, Readable as NodeReadable } from "node:stream";
import { constants, createGunzip } from "node:zlib";
import { LoadError } from "../../src/errors.ts";

/** Bytes asked of the file at once. */
const CHUNK_BYTES = 256 * 1024;

/** What stands for standard input where a path is expected. */
export const STANDARD_INPUT = "-";

/** A file that is known to be there. */
export interface InputFile {
  /** The path as it was named, or `-`. */
  readonly path: string;
  /** Size on disk; undefined for pipes and standard input. */
  readonly bytesTotal?: number;
}

/** Bytes that are being read. */
export interface Input {
  /** Chunks are owned by the reader. Ends early, without an error, after `close`. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Bytes that were read of the file itself, before it is decompressed. */
  bytesRead(): number;
  /** Takes back a chunk that is not needed any more. */
  recycle(chunk: Uint8Array): void;
  /** Stops reading and lets go of the file; may be called again. */
  close(): Promise<void>;
}

/** Whether a name says that the file is compressed. */
export function isGzip(path: string): boolean {
  return path.toLowerCase().endsWith(".gz");
}

/**
 * Opens a file or standard input.
 *
 * @throws {LoadError} `source_missing`, `source_unreadable`; reading throws `source_unreadable` too,
 * also where a compressed file is damaged or cut off
 */
export async function openInput(path: string): Promise<Input> {
  const file = path === STANDARD_INPUT ? Deno.stdin : await openFile(path);
  const input = new FileInput(file, path);
  return isGzip(path) ? gunzip(input, path) : input;
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

async function openFile(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (error) {
    throw inputError(path, error);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.NotCapable) return "Deno was not given --allow-read for it";
  if (error instanceof Deno.errors.IsADirectory) return "it is a directory";
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "reading failed";
}

/** Reads one chunk at a time, and only when it is asked for. */
class FileInput implements Input, AsyncIterator<Uint8Array> {
  readonly #file: Pick<Deno.FsFile, "read" | "close">;
  readonly #path: string;
  #buffer: Uint8Array = new Uint8Array(CHUNK_BYTES);
  readonly #spare: ArrayBufferLike[] = [];
  #bytesRead = 0;
  #closed = false;

  constructor(file: Pick<Deno.FsFile, "read" | "close">, path: string) {
    this.#file = file;
    this.#path = path;
  }

  get chunks(): AsyncIterable<Uint8Array> {
    return { [Symbol.asyncIterator]: () => this };
  }

  bytesRead(): number {
    return this.#bytesRead;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    while (!this.#closed) {
      const count = await this.#read();
      if (count === null) await this.close();
      else if (count > 0) return { done: false, value: this.#take(count) };
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    await this.close();
    return { done: true, value: undefined };
  }

  close(): Promise<void> {
    // Closing interrupts a read that waits, so that nothing keeps the process alive.
    if (!this.#closed) this.#file.close();
    this.#closed = true;
    return Promise.resolve();
  }

  async #read(): Promise<number | null> {
    try {
      return await this.#file.read(this.#buffer);
    } catch (error) {
      if (this.#closed) return null;
      throw inputError(this.#path, error);
    }
  }

  /** A slow pipe gives a few bytes at a time: they must not hold on to a whole buffer each. */
  #take(count: number): Uint8Array {
    this.#bytesRead += count;
    if (count < CHUNK_BYTES / 2) return this.#buffer.slice(0, count);
    const chunk = this.#buffer.subarray(0, count);
    this.#buffer = new Uint8Array(this.#spare.pop() ?? new ArrayBuffer(CHUNK_BYTES));
    return chunk;
  }

  /**
   * Without it, chunks pile up until a collector is told of 64 MB of them. What is not one of our
   * own (the head of a file behind its header, say) is left to it.
   */
  recycle(chunk: Uint8Array): void {
    if (chunk.buffer.byteLength === CHUNK_BYTES) this.#spare.push(chunk.buffer);
  }
}

/**
 * Node's gunzip and not `DecompressionStream`, which takes a file of several members (`cat a.gz
 * b.gz`, bgzip) for damaged, and is four times slower.
 */
function gunzip(input: Input, path: string): Input {
  const stream = createGunzip({ chunkSize: CHUNK_BYTES, finishFlush: constants.Z_FINISH });
  let closed = false;
  let readError: unknown;
  const source = NodeReadable.from(input.chunks, { objectMode: true, highWaterMark: 1 });
  pipeline(source, stream, (error) => readError = error);
  const chunks = async function* (stream: Readable): AsyncGenerator<Uint8Array> {
    try {
      // A Buffer to a plain array: its methods differ, and it may share its memory.
      for await (const chunk of stream) {
        yield new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
      }
    } catch (error) {
      if (closed) return;
      if (readError instanceof LoadError) throw readError;
      throw gzipError(path, error);
    }
  };
  const close = async () => {
    closed = true;
    stream.destroy();
    await input.close();
  };
  return { chunks: chunks(stream), recycle: () => {}, bytesRead: () => input.bytesRead(), close };
}

function gzipError(path: string, cause: unknown): LoadError {
  return new LoadError(`Cannot decompress ${path}: it is damaged, cut off or no gzip file`, {
    code: "source_unreadable",
    blame: "data",
    cause,
  });
}
