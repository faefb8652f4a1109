/**
 * Reads one part of a source and keeps its bytes from the end of the last batch on.
 *
 * Invariants:
 * - `queue` holds the bytes from `offset` up to what was read, without a gap
 * - a chunk is asked for only when the scan has come to the end of the queue
 */
import type { RecordFormat } from "../batch.ts";

/** A part of a source, as far as the batcher is concerned. */
export interface BatcherPart {
  /** What it is called in batches and messages. */
  readonly name: string;
  /** Starts reading; the signal ends a start that waits. */
  open(signal?: AbortSignal): Promise<OpenBatcherPart>;
}

/** A part that is being read. */
export interface OpenBatcherPart {
  /** How its records are written. */
  readonly format: RecordFormat;
  /** The records. Chunks are owned by the reader. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Line at which `chunks` begins, from 1. */
  readonly line: number;
  /** Offset at which `chunks` begins. */
  readonly byteOffset: number;
  /** Takes back a chunk that is not needed any more, to read into it again. */
  recycle?(chunk: Uint8Array): void;
  /** Bytes that were read so far, as progress counts them. */
  bytesRead(): number;
  /** Stops reading and lets go of the file; may be called again, and while a chunk is awaited. */
  close(): Promise<void>;
}

/** See the head of this file. Offsets are those of the part, not of a chunk. */
export class PartReader {
  /** The name of the part. */
  readonly name: string;
  /** How its records are written. */
  readonly format: RecordFormat;
  readonly #open: OpenBatcherPart;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #queue: Uint8Array[] = [];
  #queueOffset: number;
  #line: number;
  #ended = false;

  /** Takes over a part that was just opened. */
  constructor(name: string, open: OpenBatcherPart) {
    this.name = name;
    this.format = open.format;
    this.#open = open;
    this.#chunks = open.chunks[Symbol.asyncIterator]();
    this.#queueOffset = open.byteOffset;
    this.#line = open.line;
  }

  /** Where the next batch may begin. */
  get offset(): number {
    return this.#queueOffset;
  }

  /** The line at {@linkcode PartReader.offset}, from 1. */
  get line(): number {
    return this.#line;
  }

  /** Progress within the part, in bytes as its size counts them. */
  get bytesRead(): number {
    return this.#open.bytesRead();
  }

  /** Chunk `index` of the queue, read if it is the one after the last; undefined at the end. */
  async chunk(index: number): Promise<Uint8Array | undefined> {
    while (index >= this.#queue.length && !this.#ended) {
      const read = await this.#chunks.next();
      if (read.done) {
        this.#ended = true;
        await this.#open.close();
      } else if (read.value.length > 0) {
        this.#queue.push(read.value);
      }
    }
    return this.#queue[index];
  }

  /** Lets go of chunks that lie before `offset` as a whole, and says how many they were. */
  drop(offset: number): number {
    let count = 0;
    for (const chunk of this.#queue) {
      if (this.#queueOffset + chunk.length > offset) break;
      this.#queueOffset += chunk.length;
      this.#open.recycle?.(chunk);
      count++;
    }
    if (count > 0) this.#queue.splice(0, count);
    return count;
  }

  /** The bytes from `start` to `end`, in a buffer of their own. */
  copyInto(bytes: Uint8Array<ArrayBuffer>, start: number): Uint8Array<ArrayBuffer> {
    const end = start + bytes.length;
    let at = this.#queueOffset;
    for (const chunk of this.#queue) {
      if (at >= end) break;
      const from = Math.max(start - at, 0);
      const piece = chunk.subarray(from, Math.min(end - at, chunk.length));
      if (piece.length > 0) bytes.set(piece, at + from - start);
      at += chunk.length;
    }
    return bytes;
  }

  /** Moves on to `offset`: the bytes before it are forgotten. */
  advance(offset: number, line: number): void {
    this.drop(offset);
    const [first] = this.#queue;
    if (first !== undefined) this.#queue[0] = first.subarray(offset - this.#queueOffset);
    this.#queueOffset = offset;
    this.#line = line;
  }

  /** Puts bytes back that end at {@linkcode PartReader.offset}. */
  putBack(bytes: Uint8Array, line: number): void {
    this.#queue.unshift(bytes);
    this.#queueOffset -= bytes.length;
    this.#line = line;
  }

  /** Stops reading and lets go of the file. */
  close(): Promise<void> {
    return this.#open.close();
  }
}
