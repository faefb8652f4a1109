/**
 * Finds the end of one batch.
 *
 * Invariants:
 * - where it ends depends on the bytes and the limits alone, never on how they were cut into chunks
 * - it begins at a record, and ends behind the line end of one: blank lines before it and behind it
 *   are not its own
 */
import type { PartReader } from "./part_reader.ts";
import { createSplitter, type RecordSplitter } from "./record_splitter.ts";
import { LoadError } from "../errors.ts";

/** What decides where batches end. */
export interface BatchLimits {
  /** Rows of a batch, at the most. */
  readonly rowsMax: number;
  /** Bytes of a batch, at the most; a record that is larger is a batch of its own. */
  readonly bytesMax: number;
  /** Bytes of one record with its line end, at the most. */
  readonly recordBytesMax: number;
}

/** See the head of this file. Offsets are those of the part. */
export class BatchScan {
  readonly #part: PartReader;
  readonly #limits: BatchLimits;
  readonly #splitter: RecordSplitter;
  #offsets: Uint32Array<ArrayBuffer> = new Uint32Array(1024);
  #rows = 0;
  #start: number;
  #startLine: number;
  #end: number;
  #endLine: number;
  #recordStart: number;
  #fed: number;
  #line: number;

  /** Begins where the part stands. */
  constructor(part: PartReader, limits: BatchLimits) {
    this.#part = part;
    this.#limits = limits;
    this.#splitter = createSplitter(part.format);
    this.#start =
      this.#end =
      this.#recordStart =
      this.#fed =
        part.offset;
    this.#startLine = this.#endLine = this.#line = part.line;
  }

  /** Records that were found so far. */
  get rows(): number {
    return this.#rows;
  }

  /** Where the first record starts, or may start. */
  get start(): number {
    return this.#start;
  }

  /** The line at {@linkcode BatchScan.start}. */
  get startLine(): number {
    return this.#startLine;
  }

  /** Where the last record ends. */
  get end(): number {
    return this.#end;
  }

  /** The line at {@linkcode BatchScan.end}. */
  get endLine(): number {
    return this.#endLine;
  }

  /** The start of each record from {@linkcode BatchScan.start} on, and the length of them all. */
  offsets(): Uint32Array<ArrayBuffer> {
    const offsets = this.#offsets.slice(0, this.#rows + 1);
    offsets[this.#rows] = this.#end - this.#start;
    return offsets;
  }

  /**
   * Looks at the next chunk, and says whether the batch has come to its end.
   *
   * @throws {LoadError} `source_malformed` if the first record is larger than `recordBytesMax`
   */
  feed(chunk: Uint8Array): boolean {
    for (let at = 0; at < chunk.length;) {
      const next = this.#splitter.next(chunk, at);
      at = next < 0 ? chunk.length : next;
      if (this.#exceeds(this.#fed + at)) return true;
      if (next >= 0 && this.#endRecord(this.#fed + at)) return true;
    }
    this.#fed += chunk.length;
    return false;
  }

  /** The part has ended: its last record may lack the line end. */
  finish(): void {
    if (this.#fed > this.#recordStart && !this.#splitter.blank) this.#take(this.#fed);
  }

  /** Whether what goes on up to `end` is no longer part of this batch. */
  #exceeds(end: number): boolean {
    const tooLarge = end - this.#recordStart > this.#limits.recordBytesMax;
    if (this.#rows > 0) return tooLarge || end - this.#start > this.#limits.bytesMax;
    if (!tooLarge) return false;
    throw new LoadError(
      `Record is larger than ${this.#limits.recordBytesMax} bytes: ${this.#part.name}, line ` +
        `${this.#line}${this.#quoteHint()}`,
      { code: "source_malformed", blame: "data" },
    );
  }

  #quoteHint(): string {
    return this.#part.format.kind === "csv" ? "; is a quote left open there?" : "";
  }

  /** The record ended; says whether the batch did. */
  #endRecord(end: number): boolean {
    this.#line += this.#splitter.lines;
    if (!this.#splitter.blank) {
      this.#take(end);
    } else if (this.#rows === 0) {
      this.#start = end;
      this.#startLine = this.#line;
    }
    this.#recordStart = end;
    return this.#rows > 0 &&
      (this.#rows >= this.#limits.rowsMax || end - this.#start >= this.#limits.bytesMax);
  }

  #take(end: number): void {
    // One more place is kept for the end of the last record.
    if (this.#rows + 1 >= this.#offsets.length) {
      const larger = new Uint32Array(this.#offsets.length * 2);
      larger.set(this.#offsets);
      this.#offsets = larger;
    }
    this.#offsets[this.#rows++] = this.#recordStart - this.#start;
    this.#end = end;
    this.#endLine = this.#line;
  }
}
