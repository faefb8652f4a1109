/**
 * Cuts the parts of a source into batches of whole records.
 *
 * Invariants:
 * - where batches end is a function of the source and the limits alone, never of time, of load or
 *   of how the bytes arrive in chunks
 * - a batch never crosses parts; sequence and ordinal count over the whole load
 * - nothing is read ahead of the batch that is asked for, beyond the read in which it ends
 */
import { type Batch, type RecordFormat, rowCount } from "../model/batch.ts";
import { LoadError } from "../model/errors.ts";
import { type BatchLimits, BatchScan } from "./batch_scan.ts";
import { BufferPool } from "./buffer_pool.ts";
import {
  type BatcherPart,
  type OpenBatcherPart,
  type PartFile,
  PartReader,
  READ_BYTES_MAX,
} from "./part_reader.ts";
import { RangedPart, type RawRange } from "./ranged_part.ts";
import { RowPlaces } from "./row_places.ts";

export type { BatchBound, BatchLimits } from "./batch_scan.ts";
export type { BatcherPart, OpenBatcherPart, PartFile } from "./part_reader.ts";
export type { RawRange } from "./ranged_part.ts";

/** A batch before it is known what its rows are. */
export type RawBatch = Omit<Batch, "shape">;

/** Batches of as many rows are nearly equal, not equal. */
const HEADROOM = 1.25;

/** Names of the parts of a source, as batches have them. */
export class PartNames {
  readonly #names = new Set<string>();

  /**
   * The name of the part that comes next. A file may be named twice: the second time, it is another
   * part. A batch is known by its part and its place in it, so no two parts have one name.
   */
  of(name: string): string {
    let own = name;
    for (let times = 2; this.#names.has(own); times++) own = `${name} (${times})`;
    this.#names.add(own);
    return own;
  }

  /** All that were given. */
  get given(): ReadonlySet<string> {
    return this.#names;
  }
}

/** Cuts the parts of a source into batches of whole records. */
export class Batcher {
  readonly #parts: AsyncIterator<BatcherPart>;
  #limits: BatchLimits;
  #part: PartReader | undefined;
  #format: RecordFormat | undefined;
  #first: RawBatch | undefined;
  readonly #buffers: BufferPool;
  readonly #recycle = (buffer: ArrayBuffer): void => this.#buffers.give(buffer);
  #sequence = 0;
  #ordinal = 0;
  #bytesReadBefore = 0;
  readonly #names = new PartNames();
  /** Where ranges are cut, the part that is cut, and those with ranges that are not through. */
  #ranged: RangedPart | undefined;
  readonly #ending = new Set<RangedPart>();
  readonly #places = new RowPlaces();
  readonly #written = new Map<string, "written" | "grown">();
  readonly #closing = new AbortController();
  #stop: () => void = () => {};

  /** Cuts `parts` in their order. Nothing is opened before the first batch is asked for. */
  constructor(parts: AsyncIterable<BatcherPart>, limits: BatchLimits) {
    this.#parts = parts[Symbol.asyncIterator]();
    this.#limits = limits;
    this.#buffers = new BufferPool(limits.bytesMax + READ_BYTES_MAX);
  }

  /** The format of the part that was opened last: of an empty source too, once `next` is through. */
  get format(): RecordFormat | undefined {
    return this.#format;
  }

  /** Parts that were written to while they were read, and whether they have grown. */
  get written(): ReadonlyMap<string, "written" | "grown"> {
    return this.#written;
  }

  /** Parts that were opened so far, those without records too. */
  get opened(): ReadonlySet<string> {
    return this.#names.given;
  }

  /** Progress over all parts so far, in bytes as the sizes of the parts count them. */
  get bytesRead(): number {
    let bytes = this.#bytesReadBefore + (this.#part?.bytesRead ?? 0);
    for (const part of this.#ending) bytes += part.bytesRead;
    return bytes;
  }

  /**
   * The next batch, or undefined at the end of the last part. One call at a time; where ranges were
   * asked for, {@linkcode Batcher.take} is called instead.
   *
   * @throws {LoadError} `cancelled` after {@linkcode Batcher.close}; and whatever opening and reading the parts throws
   */
  next(): Promise<RawBatch | undefined> {
    return this.take() as Promise<RawBatch | undefined>;
  }

  /** The next batch or range; see {@linkcode Batcher.next}. */
  take(): Promise<RawBatch | RawRange | undefined> {
    if (this.#closing.signal.aborted) return Promise.reject(closedError());
    const { promise, resolve, reject } = Promise.withResolvers<RawBatch | RawRange | undefined>();
    this.#stop = () => reject(closedError());
    this.#next().then(resolve, reject);
    return promise;
  }

  /**
   * Takes the first batch back and goes on with other limits, smaller or larger: what follows
   * equals what these limits would have given from the start. The batch's buffers must not have
   * been handed over. `recordBytesMax` stays as it is. A batch that is `tooLarge` stays what it is, and
   * is not given again.
   *
   * @throws {LoadError} `bug` if another batch came before or after it
   */
  restart(first: RawBatch, limits: Omit<BatchLimits, "recordBytesMax">): void {
    if (first !== this.#first || this.#part === undefined) {
      throw new LoadError("Only the first batch can be taken back, before the second", {
        code: "bug",
        blame: "host",
      });
    }
    const { rowsMax, bytesMax, rangeBytesMax, endOf } = limits;
    this.#limits = {
      ...this.#limits,
      rowsMax,
      bytesMax,
      rangeBytesMax,
      ...(endOf ? { endOf } : {}),
    };
    // A record that is too large is a batch of its own in any case, and most of it is forgotten.
    if (first.tooLarge !== undefined) {
      this.#places.add({ rows: 1, count: () => Promise.resolve(1) });
      return;
    }
    this.#first = undefined;
    this.#sequence = this.#ordinal = 0;
    if (rangeBytesMax !== undefined && this.#part.file) {
      this.#buffers.resize({ bytes: READ_BYTES_MAX, bytesMax: READ_BYTES_MAX + bytesMax });
      this.#part.jumpTo(first.byteOffset, first.line);
      this.#buffers.give(first.bytes.buffer);
      return;
    }
    const bytes = (rowsMax / rowCount(first)) * first.bytes.length;
    this.#buffers.resize({
      bytes: READ_BYTES_MAX + Math.min(bytesMax, Math.ceil(bytes * HEADROOM)),
      bytesMax: READ_BYTES_MAX + bytesMax,
    });
    this.#part.putBack(first.bytes, first.line);
  }

  /** Stops reading and lets go of the file, also while `next` waits for it. */
  async close(): Promise<void> {
    // First, so that what was read until now, cut off anywhere, never becomes a batch.
    this.#stop();
    this.#closing.abort();
    await this.#part?.close();
    for (const part of this.#ending) await part.close();
    await this.#parts.return?.();
  }

  /** See {@linkcode Batcher.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #next(): Promise<RawBatch | RawRange | undefined> {
    this.#first = undefined;
    while (!this.#closing.signal.aborted) {
      this.#part ??= await this.#openNext();
      if (this.#part === undefined) return undefined;
      const batch = await this.#cutAny(this.#part);
      if (batch !== undefined) return batch;
      const ranged = this.#ranged;
      if (ranged) {
        this.#part = this.#ranged = undefined;
        this.#ending.add(ranged);
        await ranged.end();
        continue;
      }
      this.#bytesReadBefore += this.#part.bytesRead;
      await this.#part.close();
      this.#note(this.#part);
      this.#part = undefined;
    }
    return undefined;
  }

  /** A range, where the part can be cut into such, and the ledger has no batch that begins there. */
  async #cutAny(part: PartReader): Promise<RawBatch | RawRange | undefined> {
    const { rangeBytesMax } = this.#limits;
    if (rangeBytesMax === undefined) return await this.#cut(part);
    if (part.file) {
      this.#ranged ??= this.#rangedPart(part, part.file);
      const found = await this.#ranged.cut(rangeBytesMax, this.#limits);
      if (typeof found !== "number") return found;
      await this.#ranged.readOn(found);
    }
    this.#ordinal = await this.#places.before();
    const batch = await this.#cut(part);
    const rows = batch && rowCount(batch);
    if (rows !== undefined) this.#places.add({ rows, count: () => Promise.resolve(rows) });
    return batch;
  }

  #rangedPart(part: PartReader, file: PartFile): RangedPart {
    const ranged = new RangedPart({
      part,
      file,
      places: this.#places,
      read: (name, open, end) => readWhole(name, open, { ...this.#limits, end }),
      onEnd: () => {
        this.#ending.delete(ranged);
        this.#bytesReadBefore += ranged.bytesRead;
        this.#note(ranged);
      },
    });
    return ranged;
  }

  #note({ name, fate }: Pick<PartReader, "name" | "fate">): void {
    if (fate === "written" || fate === "grown") this.#written.set(name, fate);
  }

  async #openNext(): Promise<PartReader | undefined> {
    const { done, value: part } = await this.#parts.next();
    if (done || this.#closing.signal.aborted) return undefined;
    const open = await part.open(this.#closing.signal);
    const reader = new PartReader(this.#names.of(part.name), open, this.#buffers);
    if (this.#closing.signal.aborted) await reader.close();
    this.#format = open.format;
    return reader;
  }

  /** As much of the record as has been read for certain, however it was read. */
  #startOf(part: PartReader, { start, startLine }: BatchScan): TooLargeStart {
    const length = Math.min(START_BYTES, this.#limits.recordBytesMax);
    return {
      bytes: part.pending.slice(start, start + length),
      byteOffset: part.offset + start,
      line: startLine,
    };
  }

  /** A record that is larger than a record may be, as a batch of its own: only how it begins. */
  #takeTooLarge(part: PartReader, scan: BatchScan, start: TooLargeStart): RawBatch {
    part.skipTo(scan.end, scan.endLine);
    const batch = {
      ...start,
      format: part.format,
      offsets: Uint32Array.of(0, start.bytes.length),
      tooLarge: part.offset - start.byteOffset,
      sequence: this.#sequence++,
      ordinal: this.#ordinal++,
      part: part.name,
    };
    this.#first = batch.sequence === 0 ? batch : undefined;
    return batch;
  }

  /** The next batch of the part, or undefined if it has no further record. */
  async #cut(part: PartReader): Promise<RawBatch | undefined> {
    const scan = new BatchScan(part, this.#limits);
    let start: TooLargeStart | undefined;
    while (!scan.feed(part.pending)) {
      if (scan.tooLarge) {
        start ??= this.#startOf(part, scan);
        part.skip(scan.skipScanned());
      } else if (scan.rows === 0) part.skip(scan.dropBlank());
      if (await part.fill(scan.bytesMissing)) continue;
      // Of a part that grows, a record without its end is not yet whole: it is for the next run.
      if (part.fate !== "grown") scan.finish(part.pending);
      break;
    }
    if (scan.rows === 0) return undefined;
    if (scan.tooLarge) return this.#takeTooLarge(part, scan, start ?? this.#startOf(part, scan));
    const batch = {
      format: part.format,
      byteOffset: part.offset + scan.start,
      bytes: part.take(scan.start, scan.end, scan.endLine),
      offsets: scan.offsets(),
      sequence: this.#sequence++,
      ordinal: this.#ordinal,
      part: part.name,
      line: scan.startLine,
      recycle: this.#recycle,
    };
    this.#ordinal += scan.rows;
    this.#first = batch.sequence === 0 ? batch : undefined;
    return batch;
  }
}

/** The first batch of a part, up to its end whatever its rows and bytes. */
async function readWhole(
  name: string,
  open: OpenBatcherPart,
  { recordBytesMax, end }: BatchLimits & { readonly end: number },
): Promise<RawBatch | undefined> {
  const bytesMax = end - open.byteOffset;
  await using batches = new Batcher(
    ReadableStream.from([{ name, open: () => Promise.resolve(open) }]),
    { rowsMax: bytesMax, bytesMax, recordBytesMax, endOf: () => ({ end, exact: true }) },
  );
  return await batches.next();
}

/** Bytes by which a record that is too large is known again. */
const START_BYTES = 64 * 1024;

/** How a record begins that is too large. */
interface TooLargeStart {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly byteOffset: number;
  readonly line: number;
}

function closedError(): LoadError {
  return new LoadError("Reading was stopped: the source was closed", {
    code: "cancelled",
    blame: "host",
  });
}
