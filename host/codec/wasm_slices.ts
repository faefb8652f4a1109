/**
 * Brings a batch into an instance of the compiled codec, slice by slice: whole rows, few enough that
 * they stay in the processor's cache.
 *
 * - Several batches may take turns on one instance: whose turn it is writes its columns again.
 * - An instance's memory grows for a record that is larger than a slice; one larger than
 *   `RECORD_BYTES_MAX` is left to the reference.
 */
import { type Batch, rowCount } from "../../src/model/batch.ts";
import { LoadError } from "../../src/model/errors.ts";
import type { CellRules, WireType } from "./codec.ts";
import { type ColumnSizes, columnSizes, writeColumns } from "./wasm_columns.ts";
import type { CodecExports } from "./wasm_module.ts";

/** Bytes of a slice, unless one record is larger. */
export const SLICE_BYTES = 128 * 1024;
/** Rows of a slice, at the most. */
const SLICE_ROWS = 4096;
/** Larger records are left to the reference: their memory would never be given back. */
export const RECORD_BYTES_MAX = 4 * 1024 * 1024;

/** An instance, and whose columns stand in it. */
export interface CodecInstance {
  readonly exports: CodecExports;
  user: BatchSlices | undefined;
}

/** What slices are for. */
export interface SliceOptions {
  readonly rules: CellRules;
  /** Whether texts of cells are to be UTF-8; false by default. */
  readonly utf8?: boolean | undefined;
  /** The server's type of each column, for the binary format. */
  readonly types?: readonly WireType[] | undefined;
  /** Bytes of output that so many bytes of input may need, for one row at least. */
  readonly outputBytes: (inputBytes: number) => number;
}

/**
 * Brings a batch into an instance of the compiled codec, slice by slice: whole rows, few enough
 * that they stay in the processor's cache.
 */
export class BatchSlices {
  /** The first row of the slice. */
  first = 0;
  readonly #instance: CodecInstance;
  readonly #batch: Batch;
  readonly #options: SliceOptions;
  readonly #sizes: ColumnSizes;
  /** Bytes of input for which room was made when this was the user last. */
  #capacity = 0;

  /** Slices of one batch. */
  constructor(instance: CodecInstance, batch: Batch, options: SliceOptions) {
    this.#instance = instance;
    this.#batch = batch;
    this.#options = options;
    this.#sizes = columnSizes(batch);
  }

  /**
   * Brings in the rows from `row` on; returns the one behind the last of them. That is `row` itself
   * where it is too large.
   */
  open(row: number): number {
    const { bytes, offsets } = this.#batch;
    const start = offsets[row]!;
    if (offsets[row + 1]! - start > RECORD_BYTES_MAX) return row;
    const last = this.#lastRow(row);
    const end = offsets[last]!;
    this.#enter(end - start);
    const { exports } = this.#instance;
    const memory = exports.memory.buffer;
    new Uint8Array(memory).set(bytes.subarray(start, end), exports.inputAt.value);
    new Uint32Array(memory, exports.offsetsAt.value, last + 1 - row)
      .set(offsets.subarray(row, last + 1));
    exports.openSlice(end - start);
    this.first = row;
    return last;
  }

  /** The row behind the last one of the slice that begins with `row`: at least the next. */
  #lastRow(row: number): number {
    const { offsets } = this.#batch;
    const limit = offsets[row]! + SLICE_BYTES;
    let low = row + 1;
    let high = Math.min(row + SLICE_ROWS, rowCount(this.#batch));
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (offsets[middle]! <= limit) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Makes this the user of the instance, with room for so many bytes of input. */
  #enter(inputBytes: number): void {
    const instance = this.#instance;
    if (instance.user === this && inputBytes <= this.#capacity) return;
    const { columns, keyBytes, slots, formatBytes } = this.#sizes;
    const { rules, utf8 = false, types, outputBytes } = this.#options;
    const { exports } = instance;
    const capacity = Math.max(SLICE_BYTES, inputBytes);
    const output = outputBytes(capacity);
    instance.user = undefined;
    if (!exports.lay(columns, keyBytes, slots, formatBytes, SLICE_ROWS, capacity, output)) {
      throw new LoadError("No memory for the codec", { code: "resource_exhausted", blame: "host" });
    }
    writeColumns(exports.memory.buffer, this.#batch, {
      places: {
        columnsAt: exports.columnsAt.value,
        keysAt: exports.keysAt.value,
        formatAt: exports.formatAt.value,
      },
      types,
    });
    // Of rows that are to be repaired it is not certain, as of those that are to be rejected.
    const keepsNul = rules.nul === "keep";
    exports.openBatch(this.#batch.format.kind === "csv", slots, keepsNul, rules.nan, utf8);
    this.#capacity = capacity;
    instance.user = this;
  }
}

/**
 * Whether the compiled codec reads batches like this one: no record that is too large, no elements
 * of an array, and no CSV whose every row is rejected for a field that is no column, or whose
 * delimiter is none.
 */
export function isCompiled(
  { shape, format, tooLarge }: Pick<Batch, "shape" | "format" | "tooLarge">,
): boolean {
  if (tooLarge !== undefined) return false;
  if (format.kind !== "csv") return format.records !== "elements";
  const names = new Set(shape.columns.map((column) => column.name));
  return /^[^\0\r\n"\x80-\uffff]/.test(format.delimiter) &&
    format.header.every((name) => names.has(name));
}
