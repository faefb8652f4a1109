/**
 * What a connection writes in one pass: ranges of files, and batches from where they were read to.
 *
 * Invariant: where one pass does not come to its end, nothing of its records is in. A batch is then
 * encoded by itself, and so are those behind it, until one of them leaves no row out: where one row is
 * refused, others are, and each pass that ends before its records do is in vain.
 */
import type { Batch, BatchRange } from "../../../src/model/batch.ts";
import type { EncodedImage, StreamedRecords } from "../../codec/codec.ts";
import type { BatchOrder, OpenRange, RangeBytes, RangeResult } from "../driver.ts";
import { BatchBytes } from "./batch_bytes.ts";
import type { BatchClosing } from "./batch_closing.ts";
import type { JoinedLoad } from "./joined_load.ts";
import { entryOf, type RangeOptions, writeRange } from "./range_writer.ts";
import type { ShapeWriters } from "./shape_writers.ts";

/** What is written in one pass with. */
export interface OnePassOptions {
  readonly load: JoinedLoad;
  readonly closing: BatchClosing;
  readonly shapes: ShapeWriters;
}

/** What a connection writes in one pass: ranges of files, and batches from where they were read to. */
export class OnePass {
  readonly #options: OnePassOptions;
  /** Whether the last batch left no row out, as far as is known. */
  #isWorthIt = true;

  /** Of a connection that has joined a load. */
  constructor(options: OnePassOptions) {
    this.#options = options;
  }

  /** Whether a batch is one to be tried. */
  takes({ tooLarge }: Batch, { alone, kept, groups }: BatchOrder): boolean {
    const { load: { order }, shapes } = this.#options;
    // What a replay writes was refused before.
    const isOdd = tooLarge !== undefined || groups !== undefined || order.replays !== undefined;
    return this.#isWorthIt && shapes.streams && !isOdd && !alone && !kept;
  }

  /** Writes a batch, unless it has turned out meanwhile that it is not worth it. */
  async write(batch: Batch): Promise<RangeResult> {
    if (!this.#isWorthIt) return { kind: "unwritten" };
    const { shape, format, optional = [] } = batch;
    const open = () => Promise.resolve(new BatchBytes(batch));
    const result = await writeRange(entryOf(batch), this.#with({ shape, format, optional }, open));
    this.#isWorthIt = result.kind !== "unwritten";
    return result;
  }

  /** Learns of a batch that was encoded by itself, whether all of it is in. */
  learn(isWhole: boolean): void {
    this.#isWorthIt = isWhole;
  }

  /** Writes a range of a file. */
  writeRange(range: BatchRange, open: OpenRange): Promise<RangeResult> {
    return writeRange(range, this.#with(range, () => open(range)));
  }

  /** Writes a range whose records were read into an image. */
  writeImage(range: BatchRange, image: EncodedImage): Promise<RangeResult> {
    const { load, closing, shapes } = this.#options;
    const stream = async () => {
      if (!load.host.words.commitEmptiesStaging) await shapes.emptyStaging();
      return { bytes: { close: () => {} }, rows: shapes.ofImage(image) };
    };
    return writeRange(range, { load, closing, stream });
  }

  #with(records: StreamedRecords, open: () => Promise<RangeBytes | undefined>): RangeOptions {
    const { load, closing, shapes } = this.#options;
    const stream = async () => {
      if (!load.host.words.commitEmptiesStaging) await shapes.emptyStaging();
      const bytes = await open();
      try {
        return bytes && { bytes, rows: await shapes.stream(records, bytes) };
      } catch (error) {
        bytes?.close();
        throw error;
      }
    };
    return { load, closing, stream };
  }
}
