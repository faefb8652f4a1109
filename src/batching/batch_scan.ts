/**
 * Finds the end of one batch.
 *
 * Invariants:
 * - where it ends depends on the bytes and the limits alone, never on how they were read
 * - it begins at a record, and ends behind the line end of one: blank lines before it and behind it
 *   are not its own
 */
import {
  createSplitter,
  type OpenRecord,
  type RecordSplitter,
  SPLIT_BYTES_MAX,
} from "./record_splitter.ts";
import type { RecordFormat } from "../model/batch.ts";
import { LoadError } from "../model/errors.ts";

/** What decides where batches end. */
export interface BatchLimits {
  /** Rows of a batch, at the most. */
  readonly rowsMax: number;
  /** Bytes of a batch, at the most; a record that is larger is a batch of its own. */
  readonly bytesMax: number;
  /** Bytes of one record with its line end, at the most. */
  readonly recordBytesMax: number;
  /**
   * Bytes of a range, at the most, where parts that can be read anywhere are cut into such, of any
   * number of rows; no part is, by default.
   */
  readonly rangeBytesMax?: number | undefined;
  /** Where a batch has to end that starts at this offset of this part; undefined by default. */
  readonly endOf?: (part: string, offset: number) => BatchBound | undefined;
}

/** Where a batch ends: with the first record that ends there or behind. */
export interface BatchBound {
  /** Offset of the part. */
  readonly end: number;
  /** Whether it ends there whatever its rows and bytes; else there at the latest. */
  readonly exact: boolean;
}

/** Where a scan begins. */
export interface ScanStart {
  /** The name of the part. */
  readonly name: string;
  readonly format: RecordFormat;
  /** The line that is looked at first, from 1. */
  readonly line: number;
  /** The offset of the part at which the scan begins. */
  readonly offset: number;
}

/**
 * Bytes that are looked at first, and then twice as many each time: those behind the end of a small
 * batch are looked at again for the next one.
 */
const SPLIT_BYTES_MIN = 4 * 1024;
/** Places for so many records are there from the start; more are made as they are needed. */
const OFFSETS_MAX = 64 * 1024;

/** Finds the end of one batch. Positions count from where the scan began. */
export class BatchScan {
  readonly #from: ScanStart;
  readonly #limits: BatchLimits;
  readonly #splitter: RecordSplitter;
  #offsets: Uint32Array<ArrayBuffer>;
  #rows = 0;
  #start = 0;
  #startLine: number;
  #end = 0;
  #endLine: number;
  #recordStart = 0;
  #scanned = 0;
  #step = SPLIT_BYTES_MIN;
  #tooLarge = false;
  /** Where the batch has to end, counted from where the scan began; known once it has begun. */
  #bound: BatchBound | undefined;
  /** The offset of the part from which positions count. */
  #offset: number;
  #line: number;

  /** Begins at the start of a record. */
  constructor(from: ScanStart, limits: BatchLimits) {
    this.#from = from;
    this.#limits = limits;
    this.#splitter = createSplitter(from.format);
    this.#offset = from.offset;
    this.#startLine = this.#endLine = this.#line = from.line;
    // One more place is kept for the end of the last record.
    this.#offsets = new Uint32Array(Math.min(limits.rowsMax, OFFSETS_MAX) + 1);
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

  /**
   * About as many bytes as the batch may still take. What is read beyond its end is moved, and
   * while it waits for its batch it takes up memory.
   */
  get bytesMissing(): number {
    const toBound = this.#bound ? Math.max(0, this.#bound.end - this.#scanned) : Infinity;
    if (this.#bound?.exact) return toBound;
    const bytes = this.#scanned - this.#start;
    const { rowsMax, bytesMax } = this.#limits;
    const byRows = this.#rows === 0 ? bytesMax : (rowsMax - this.#rows) * bytes / this.#rows;
    return Math.ceil(Math.min(byRows, bytesMax - bytes, toBound));
  }

  /** Whether the first record, a line, is larger than a record may be: then it is the whole batch. */
  get tooLarge(): boolean {
    return this.#tooLarge;
  }

  /** Of a record that is too large: forgets what was looked at, and says how many bytes that was. */
  skipScanned(): number {
    // One byte stays: by it the splitter knows whether a quote opens a field.
    const count = Math.max(0, this.#scanned - 1);
    this.#scanned -= count;
    this.#recordStart = this.#start = 0;
    return count;
  }

  /** The start of each record from {@linkcode BatchScan.start} on, and the length of them all. */
  offsets(): Uint32Array<ArrayBuffer> {
    this.#offsets[this.#rows] = this.#end - this.#start;
    return this.#offsets.subarray(0, this.#rows + 1);
  }

  /**
   * Looks at what has been read since the last call, and says whether the batch has come to its end.
   * `bytes` are all of them, from where the scan began.
   */
  feed(bytes: Uint8Array): boolean {
    while (this.#scanned < bytes.length) {
      const to = Math.min(this.#scanned + this.#step, bytes.length);
      const records = this.#splitter.split(bytes, this.#scanned, to);
      if (this.#take(bytes, records) || this.#exceeds(to)) return true;
      this.#scanned = to;
      this.#step = Math.min(this.#step * 2, SPLIT_BYTES_MAX);
    }
    return false;
  }

  /**
   * All was read: the last record may lack the line end.
   *
   * @throws {LoadError} `source_malformed` where it is open, and may have taken in others
   */
  finish(bytes: Uint8Array): void {
    const end = bytes.length;
    const open = this.#splitter.open?.();
    if (open) throw this.#malformed(open);
    const there = end > this.#recordStart && !this.#splitter.isBlank(bytes, this.#recordStart, end);
    if (there || this.#tooLarge) {
      this.#endRecord(end);
    }
  }

  /** Where there is no record yet: forgets what was blank, and says how many bytes that was. */
  dropBlank(): number {
    const count = this.#start;
    this.#offset += count;
    this.#start = 0;
    this.#recordStart -= count;
    this.#scanned -= count;
    return count;
  }

  /** Takes the records that the splitter has found, and says whether the batch ended with one. */
  #take(bytes: Uint8Array, records: number): boolean {
    const { ends, lines } = this.#splitter;
    for (let i = 0; i < records; i++) {
      const end = ends[i]!;
      if (this.#exceeds(end)) return true;
      this.#line += lines === undefined ? 1 : lines[i]!;
      if (this.#tooLarge || !this.#splitter.isBlank(bytes, this.#recordStart, end)) {
        this.#endRecord(end);
      } else if (this.#rows === 0) {
        this.#start = end;
        this.#startLine = this.#line;
      }
      this.#recordStart = end;
      if (this.#rows > 0 && this.#isFull(end)) return true;
    }
    return false;
  }

  /** Whether the batch is at its end with a record that ends here. */
  #isFull(end: number): boolean {
    if (this.#tooLarge) return true;
    if (this.#bound && end >= this.#bound.end) return true;
    if (this.#bound?.exact) return false;
    const { rowsMax, bytesMax } = this.#limits;
    return this.#rows >= rowsMax || end - this.#start >= bytesMax;
  }

  /**
   * Whether what goes on up to `end` is no longer part of this batch.
   *
   * @throws {LoadError} `source_malformed` where the first record is too large and no line
   */
  #exceeds(end: number): boolean {
    const { bytesMax, recordBytesMax } = this.#limits;
    const tooLarge = end - this.#recordStart > recordBytesMax;
    if (this.#rows > 0) {
      return tooLarge || (!this.#bound?.exact && end - this.#start > bytesMax);
    }
    if (tooLarge && this.#splitter.open) {
      const what = `a record begins that is larger than ${recordBytesMax} bytes; is a quote, a ` +
        "brace or a bracket left open there?";
      throw this.#malformed({ what, lines: 0 });
    }
    this.#tooLarge ||= tooLarge;
    return false;
  }

  /** Nobody can say how far such a record was meant to go, nor keep it: the load stops. */
  #malformed({ what, lines }: OpenRecord): LoadError {
    return new LoadError(
      `Cannot read ${this.#from.name} any further: in line ${this.#line + lines} ${what} ` +
        "Correct the file and load it again: rows that are in stay, and come no second time",
      { code: "source_malformed", blame: "data" },
    );
  }

  #endRecord(end: number): void {
    if (this.#rows + 1 >= this.#offsets.length) {
      const larger = new Uint32Array(this.#offsets.length * 2);
      larger.set(this.#offsets);
      this.#offsets = larger;
    }
    if (this.#rows === 0) {
      // Blank lines before it are not its own.
      const bound = this.#limits.endOf?.(this.#from.name, this.#offset + this.#recordStart);
      this.#bound = bound && { ...bound, end: bound.end - this.#offset };
    }
    this.#offsets[this.#rows++] = this.#recordStart - this.#start;
    this.#end = end;
    this.#endLine = this.#line;
  }
}
