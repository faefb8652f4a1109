/**
 * Reads one part of a source, into the buffers that its batches will be handed out in.
 *
 * Invariants:
 * - `pending` are the bytes from `offset` up to what was read, without a gap, in one buffer
 * - it is read on only when it is asked for, and then once
 * - between two batches it holds no buffer, but what was read behind the first; where that is more
 *   than the batch, the batch moves and the rest stays
 */
import type { RangeFile, RecordFormat } from "../model/batch.ts";
import type { BufferPool } from "./buffer_pool.ts";
import type { CutFile } from "./range_cut.ts";

/** A part of a source, as far as the batcher is concerned. */
export interface BatcherPart {
  /** What it is called in batches and messages. */
  readonly name: string;
  /** Starts reading; the signal ends a start that waits. */
  open(signal?: AbortSignal): Promise<OpenBatcherPart>;
}

/** A file for random access: it is seekable and not compressed, and its records are lines or CSV. */
export interface PartFile extends CutFile, RangeFile {
  /** Bytes of it when it was opened. */
  readonly size: number;
  /** Bytes of it by now. */
  sizeNow(): Promise<number>;
  /** Whether it had its end there, and has grown since: as of the last look at its size. */
  endedAt(offset: number): boolean;
  /** Goes on with reading, at an offset. From then on, the end of the file is none of the part. */
  seek(offset: number): void;
  /** Bytes were read by somebody else. */
  passed(bytes: number): void;
  /**
   * All was read up to that offset, and is checked as where a part is read to its end. Closes the file.
   *
   * @throws {LoadError} `source_changed` where it has become smaller
   */
  end(offset: number): Promise<void>;
}

/** A part that is being read. */
export interface OpenBatcherPart {
  /** How its records are written. */
  readonly format: RecordFormat;
  /** Line at which reading begins, from 1. */
  readonly line: number;
  /** Offset at which reading begins. */
  readonly byteOffset: number;
  /**
   * Reads on into the start of `into`, which has room for {@linkcode READ_BYTES_MIN} at the least.
   * Resolves to how many bytes that was, as many as are there without waiting for more; to undefined
   * at the end, and where it waits when the part is closed. One call at a time.
   */
  read(into: Uint8Array<ArrayBuffer>): Promise<number | undefined>;
  /** Bytes that were read so far, as progress counts them. */
  bytesRead(): number;
  /**
   * What was done to it while it was read to its end, where that is known: it was written to, and has
   * grown. What was read may then be of two states of it, and its last record cut.
   */
  fate?(): "same" | "written" | "grown" | undefined;
  /** The file that it is read from, where that is seekable. */
  readonly file?: PartFile | undefined;
  /** Stops reading and lets go of the file; may be called again, and while a read waits. */
  close(): Promise<void>;
}

/** Bytes that are asked for at once: 256 KiB take twice the time, 4 MiB are hardly faster. */
export const READ_BYTES_MAX = 1024 * 1024;
/** Bytes that are asked for near the end of a batch. */
const READ_BYTES_NEAR = 256 * 1024;
/** Bytes that there is always room for when a part is read. */
export const READ_BYTES_MIN = 64 * 1024;

const NOTHING = new Uint8Array(0);

/**
 * Reads one part of a source, into the buffers that its batches will be handed out in. Positions
 * count from `offset`.
 */
export class PartReader {
  /** The name of the part. */
  readonly name: string;
  /** How its records are written. */
  readonly format: RecordFormat;
  readonly #open: OpenBatcherPart;
  readonly #buffers: BufferPool;
  /** What was read stands between the two. */
  #bytes: Uint8Array<ArrayBuffer> = NOTHING;
  #from = 0;
  #to = 0;
  #offset: number;
  #line: number;
  #ended = false;
  /** The buffer that was handed out last, where what is in it stands here still. */
  #copy: ArrayBuffer | undefined;

  /** Takes over a part that was just opened. */
  constructor(name: string, open: OpenBatcherPart, buffers: BufferPool) {
    this.name = name;
    this.format = open.format;
    this.#open = open;
    this.#buffers = buffers;
    this.#offset = open.byteOffset;
    this.#line = open.line;
  }

  /** Where the next batch may begin, as an offset of the part. */
  get offset(): number {
    return this.#offset;
  }

  /** The line at {@linkcode PartReader.offset}, from 1. */
  get line(): number {
    return this.#line;
  }

  /** Progress within the part, in bytes as its size counts them. */
  get bytesRead(): number {
    return this.#open.bytesRead();
  }

  /** See {@linkcode OpenBatcherPart.fate}. */
  get fate(): "same" | "written" | "grown" | undefined {
    return this.#open.fate?.();
  }

  /** See {@linkcode OpenBatcherPart.file}. */
  get file(): PartFile | undefined {
    return this.#open.file;
  }

  /** What was read from {@linkcode PartReader.offset} on. Valid until the next call. */
  get pending(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(this.#from, this.#to);
  }

  /** Reads on, about `bytesWanted` at the most; false at the end of the part. */
  async fill(bytesWanted: number): Promise<boolean> {
    if (this.#ended) return false;
    this.#makeRoom();
    const bytesMax = Math.max(READ_BYTES_NEAR, Math.min(bytesWanted, READ_BYTES_MAX));
    const end = Math.min(this.#bytes.length, this.#to + bytesMax);
    const count = await this.#open.read(this.#bytes.subarray(this.#to, end));
    if (count === undefined) {
      this.#ended = true;
      if (!this.file) await this.#open.close();
      return false;
    }
    this.#to += count;
    return true;
  }

  /** Forgets `count` bytes. */
  skip(count: number): void {
    this.#from += count;
    this.#offset += count;
  }

  /** Forgets what stands before `end`, where line `line` begins. */
  skipTo(end: number, line: number): void {
    this.skip(end);
    this.#line = line;
  }

  /** Hands out the bytes from `start` to `end`, in a buffer of their own, and moves on to `end`. */
  take(start: number, end: number, line: number): Uint8Array<ArrayBuffer> {
    const bytes = this.#bytes;
    const from = this.#from + start;
    const to = this.#from + end;
    this.#offset += end;
    this.#line = line;
    this.#copy = undefined;
    if (this.#to - to > end - start) {
      this.#from = to;
      const copy = this.#copyOf(bytes.subarray(from, to));
      this.#copy = copy.buffer;
      return copy;
    }
    this.#bytes = to < this.#to ? bytes.slice(to, this.#to) : NOTHING;
    this.#from = 0;
    this.#to = this.#bytes.length;
    return bytes.subarray(from, to);
  }

  /** Puts bytes back that were handed out last. */
  putBack(bytes: Uint8Array<ArrayBuffer>, line: number): void {
    const restLength = this.#to - this.#from;
    this.#offset -= bytes.length;
    this.#line = line;
    if (this.#copy === bytes.buffer) {
      this.#copy = undefined;
      this.#from -= bytes.length;
      this.#buffers.give(bytes.buffer);
      return;
    }
    // What was read behind them stands there still.
    this.#from = bytes.byteOffset;
    this.#to = this.#from + bytes.length + restLength;
    this.#giveBuffer();
    this.#bytes = new Uint8Array(bytes.buffer);
  }

  /** Goes on at an offset, of whose line the number is told where it is to be read. */
  jumpTo(offset: number, line = this.#line): void {
    this.#giveBuffer();
    this.#bytes = NOTHING;
    this.#from = this.#to = 0;
    this.#offset = offset;
    this.#line = line;
    this.#ended = false;
    this.#open.file!.seek(offset);
  }

  /** Stops reading and lets go of the file. */
  close(): Promise<void> {
    return this.#open.close();
  }

  #makeRoom(): void {
    const length = this.#to - this.#from;
    if (length <= this.#from) {
      this.#bytes.copyWithin(0, this.#from, this.#to);
      this.#from = 0;
      this.#to = length;
    }
    if (this.#bytes.length - this.#to >= READ_BYTES_MIN) return;
    if (length + READ_BYTES_MIN > this.#buffers.bytes) {
      this.#bytes = this.#buffers.enlarge(this.#bytes.buffer);
      return;
    }
    const bytes = this.#buffers.take();
    bytes.set(this.pending);
    this.#giveBuffer();
    this.#bytes = bytes;
    this.#from = 0;
    this.#to = length;
  }

  /** In a buffer that is used again, where they fill one at least by half. */
  #copyOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const room = this.#buffers.bytes;
    if (bytes.length > room || bytes.length < room / 2) return bytes.slice();
    const copy = this.#buffers.take().subarray(0, bytes.length);
    copy.set(bytes);
    return copy;
  }

  #giveBuffer(): void {
    if (this.#bytes !== NOTHING) this.#buffers.give(this.#bytes.buffer);
  }
}
