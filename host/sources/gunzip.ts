/**
 * Decompresses what is read of a file: members one behind the other, zeros that pad between them
 * and behind the last (as of a tape, or of a file system's blocks) passed over. Anything else
 * behind a member is refused, and so is a member that is cut off.
 */
import { constants, createGunzip, type Gunzip } from "node:zlib";
import { LoadError } from "../../src/model/errors.ts";
import type { Input } from "./input.ts";

/** Bytes asked of a compressed file at once, and given by it. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Node's gunzip and not `DecompressionStream`, which takes a file of several members (`cat a.gz
 * b.gz`, bgzip) for damaged, and is four times slower.
 */
export function gunzip(input: Input, path: string): Input {
  const members = new Members(input);
  const chunks = members.chunks();
  let closed = false;
  let chunk: Uint8Array = new Uint8Array(0);
  const read = async (into: Uint8Array<ArrayBuffer>): Promise<number | undefined> => {
    try {
      while (chunk.length === 0) {
        const next = await chunks.next();
        if (next.done) return undefined;
        chunk = next.value;
      }
    } catch (error) {
      if (closed) return undefined;
      if (error instanceof LoadError) throw error;
      throw gzipError(path, error);
    }
    const piece = chunk.subarray(0, into.length);
    chunk = chunk.subarray(piece.length);
    into.set(piece);
    const { length } = piece;
    if (chunk.length === 0) free(piece);
    return length;
  };
  const close = async () => {
    closed = true;
    members.close();
    await input.close();
  };
  return { read, bytesRead: () => input.bytesRead(), fate: () => input.fate?.(), close };
}

class Members {
  readonly #input: Input;
  /** What was read of the file and not yet decompressed. */
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #stream: Gunzip | undefined;
  /** What it is read to, again and again. */
  readonly #chunk = new Uint8Array(CHUNK_BYTES);
  #closed = false;

  constructor(input: Input) {
    this.#input = input;
  }

  /** What the members hold. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    do {
      const stream = createGunzip({ chunkSize: CHUNK_BYTES, finishFlush: constants.Z_FINISH });
      this.#stream = stream;
      if (this.#closed) return this.close();
      const fed = this.#feed(stream);
      yield* stream;
      await fed;
    } while (await this.#skipZeros());
  }

  close(): void {
    this.#closed = true;
    this.#stream?.destroy();
  }

  /** Hands on what is read, until the stream takes no more of it: it ends before a zero. */
  async #feed(stream: Gunzip): Promise<void> {
    try {
      while (await this.#fill()) {
        const before = stream.bytesWritten;
        await new Promise<void>((resolve) => stream.write(this.#rest, () => resolve()));
        this.#rest = this.#rest.subarray(stream.bytesWritten - before);
        if (this.#rest.length > 0 || stream.destroyed) return;
      }
      stream.end();
    } catch (error) {
      stream.destroy(error as Error);
    }
  }

  /** Whether a further member follows, or what claims to be one. */
  async #skipZeros(): Promise<boolean> {
    while (await this.#fill()) {
      const at = this.#rest.findIndex((byte) => byte !== 0);
      this.#rest = this.#rest.subarray(at < 0 ? this.#rest.length : at);
      if (at >= 0) return true;
    }
    return false;
  }

  async #fill(): Promise<boolean> {
    if (this.#rest.length > 0) return true;
    const count = await this.#input.read(this.#chunk);
    this.#rest = this.#chunk.subarray(0, count ?? 0);
    return count !== undefined;
  }
}

/**
 * Gives memory back at once that the stream is through with: else a collector finds it when it has
 * the time, and every chunk comes in fresh pages. A buffer that is not full is written on behind.
 */
function free({ buffer, byteOffset, length }: Uint8Array): void {
  const isFull = byteOffset + length === buffer.byteLength && length > 0;
  if (isFull && buffer.byteLength === CHUNK_BYTES) (buffer as ArrayBuffer).transfer(0);
}

function gzipError(path: string, cause: unknown): LoadError {
  return new LoadError(
    `Cannot decompress ${path}: it is damaged, cut off or no gzip file, or something else than ` +
      "gzip stands behind it",
    { code: "source_unreadable", blame: "data", cause },
  );
}
