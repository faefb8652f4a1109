/**
 * A part of a source whose batches are ranges: nothing of it is read here but where they begin and end,
 * and what has to be read once more.
 *
 * The file stays open until every range is through. Whoever writes one opens it again, and only where
 * it is still the same; here it is read, whatever stands in its place by then.
 */
import type { BatchRange } from "../model/batch.ts";
import type { BatchLimits } from "./batch_scan.ts";
import type { RawBatch } from "./batcher.ts";
import type { OpenBatcherPart, PartFile, PartReader } from "./part_reader.ts";
import { recordEnd, recordStart, type Span } from "./range_cut.ts";
import { countRecords } from "./record_count.ts";
import type { RowPlace, RowPlaces } from "./row_places.ts";

/** A range, before it is known what its rows are. */
export interface RawRange
  extends
    Pick<BatchRange, "format" | "part" | "byteOffset" | "byteEnd" | "file">,
    Required<Pick<BatchRange, "bytesRead">> {
  /**
   * The records from an offset on, as a batch; from a record that is too large on, they are others.
   * Undefined where there are none: the last one is not whole, and the file goes on.
   */
  readFrom(offset: number): Promise<RawBatch | undefined>;
  /**
   * It is in, with so many rows.
   *
   * @throws {LoadError} `source_changed` where it was the last of its part, and that is not what it was
   */
  through(rows: number): Promise<void>;
}

/** A place in a part. */
interface Place {
  readonly offset: number;
  readonly line: number;
}

/** What ranged parts share with the batches around them. */
export interface RangedPartOptions {
  readonly part: PartReader;
  readonly file: PartFile;
  readonly places: RowPlaces;
  /** The first batch of records that are read again, whatever its rows and bytes. */
  read(name: string, open: OpenBatcherPart, end: number): Promise<RawBatch | undefined>;
  /** The last range is through. */
  onEnd(): void;
}

/**
 * A part of a source whose batches are ranges: nothing of it is read here but where they begin and
 * end, and what has to be read once more.
 */
export class RangedPart {
  readonly #options: RangedPartOptions;
  readonly #start: Place;
  /** The last place whose line is known. */
  #known: Place;
  /** Whether it is being read: nothing was cut since. */
  #reading = false;
  /** Bytes that were read of each unfinished range. */
  readonly #open = new Set<RawRange["bytesRead"]>();
  /** Their records are being counted, for the sake of what comes behind them. */
  readonly #counts = new Set<Promise<number>>();
  /** How far it was cut, once it was cut to its end. */
  #cutEnd: number | undefined;

  /** Takes over a part, of which nothing is cut that begins behind where it stands. */
  constructor(options: RangedPartOptions) {
    const { part: { offset, line } } = options;
    this.#options = options;
    this.#start = this.#known = { offset, line };
  }

  /** Its name. */
  get name(): string {
    return this.#options.part.name;
  }

  /** See {@linkcode OpenBatcherPart.fate}; once its last range is through. */
  get fate(): "same" | "written" | "grown" | undefined {
    return this.#options.part.fate;
  }

  /** Progress within the part. */
  get bytesRead(): number {
    let bytes = this.#options.part.bytesRead;
    for (const open of this.#open) bytes += Atomics.load(open, 0);
    return bytes;
  }

  /**
   * The next range; or the offset at which a batch begins that is to be read: the ledger has it, or
   * nobody can say where its first record ends. Undefined where there is no further record.
   *
   * @throws {LoadError} `source_changed` where the file has become smaller
   */
  async cut(
    bytesMax: number,
    { endOf, recordBytesMax }: Pick<BatchLimits, "endOf" | "recordBytesMax">,
  ): Promise<RawRange | number | undefined> {
    const { part, part: { format }, file } = this.#options;
    const to = await file.sizeNow();
    // The file has shrunk: `end` throws.
    if (to < file.size) await file.end(file.size);
    const byteOffset = await recordStart(file, format, { from: part.offset, to });
    if (byteOffset === undefined) {
      this.#cutEnd = to;
      return undefined;
    }
    const bound = endOf?.(part.name, byteOffset);
    if (bound?.exact) return byteOffset;
    const goesOn = to > file.size;
    const limit = Math.min(byteOffset + bytesMax, bound?.end ?? to);
    const limits = { from: byteOffset, to, limit, recordBytesMax, goesOn };
    const byteEnd = await recordEnd(file, format, limits);
    if (byteEnd === "unsure") return byteOffset;
    if (byteEnd === undefined) {
      this.#cutEnd = to;
      return undefined;
    }
    if (this.#reading) this.#known = { offset: part.offset, line: part.line };
    this.#reading = false;
    part.jumpTo(byteEnd);
    return this.#range({ from: byteOffset, to: byteEnd });
  }

  /** Goes on with reading at an offset. */
  async readOn(offset: number): Promise<void> {
    // What was read behind the last batch is still in the buffer.
    if (this.#reading) return;
    this.#known = { offset, line: await this.#lineAt(offset) };
    this.#reading = true;
    this.#options.part.jumpTo(offset, this.#known.line);
  }

  /** It was cut to its end. @throws {LoadError} `source_changed` */
  async end(): Promise<void> {
    if (this.#open.size > 0) return;
    await Promise.allSettled(this.#counts);
    await this.#options.file.end(this.#cutEnd!);
    this.#options.onEnd();
  }

  /** Lets go of the file. */
  close(): Promise<void> {
    return this.#options.part.close();
  }

  #range({ from, to }: Span): RawRange {
    const { part: { name, format }, file, places } = this.#options;
    const { path, device, inode } = file;
    const place: RowPlace = {
      rows: undefined,
      count: () => this.#count({ from, to }),
    };
    places.add(place);
    const bytesRead = new Int32Array(new SharedArrayBuffer(4));
    this.#open.add(bytesRead);
    return {
      format,
      part: name,
      byteOffset: from,
      byteEnd: to,
      file: { path, device, inode },
      bytesRead,
      readFrom: (offset) => this.#read({ from: offset, to }, place, from),
      through: async (rows) => {
        places.know(place, rows);
        file.passed(to - from);
        this.#open.delete(bytesRead);
        if (this.#cutEnd !== undefined) await this.end();
      },
    };
  }

  async #count(span: Span): Promise<number> {
    const { file, part: { format } } = this.#options;
    const count = countRecords(file, format, span).then(({ rows }) => rows);
    this.#counts.add(count);
    try {
      return await count;
    } finally {
      this.#counts.delete(count);
    }
  }

  async #read(
    { from, to }: Span,
    place: RowPlace,
    first: number,
  ): Promise<RawBatch | undefined> {
    const { part: { name, format }, file, places, read } = this.#options;
    let at = from;
    const open: OpenBatcherPart = {
      format,
      line: await this.#lineAt(from),
      byteOffset: from,
      read: async (into) => {
        const count = await file.readAt(into.subarray(0, to - at), at);
        at += count;
        // The file has shrunk: `end` throws.
        if (count === 0 && at < to) await file.end(to);
        return count === 0 ? undefined : count;
      },
      bytesRead: () => at - from,
      // What was the last record of the file, without a line end, may be the beginning of another.
      fate: () => file.endedAt(to) ? "grown" : undefined,
      close: () => Promise.resolve(),
    };
    const before = (await countRecords(file, format, { from: first, to: from })).rows;
    const ordinal = await places.before(place) + before;
    await file.sizeNow();
    const batch = await read(name, open, to);
    return batch && { ...batch, ordinal };
  }

  async #lineAt(offset: number): Promise<number> {
    const { offset: from, line } = this.#known.offset <= offset ? this.#known : this.#start;
    const { file, part: { format } } = this.#options;
    return line + (await countRecords(file, format, { from, to: offset })).lines;
  }
}
