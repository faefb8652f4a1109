/** Reads a batch as cells to bind, slice by slice. */
import type { Buffer } from "node:buffer";
import { type Batch, type RejectedRow, rowCount } from "../../../src/model/batch.ts";
import { BatchReader } from "./batch_reader.ts";
import { CellCheck } from "./cell_check.ts";
import { BOOLEAN, BYTES, type CellColumn, cellColumns, FLOAT, INTEGER } from "./cell_column.ts";
import { type Fault, VARIES } from "./cell_span.ts";
import type { Cell, CellOptions, CellReader } from "../codec.ts";
import { cellFault, RejectList } from "./reject_list.ts";
import { FITS, IS_NULL } from "./verdict.ts";
import { nodeBuffer } from "../../platform/node_buffer.ts";

/** A window of the batch's text covers so many rows, unless they are large. */
const WINDOW_ROWS = 256;
const WINDOW_BYTES = 1024 * 1024;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Integers from 0 on that are made once: JavaScript allocates every other bigint. */
export const SMALL_INTEGERS: readonly bigint[] = Array.from({ length: 1024 }, (_, i) => BigInt(i));

/** The cells of a batch, in the order of the shape's columns. */
export function readCells(batch: Batch, options: CellOptions): CellReader {
  return new BatchCells(batch, options);
}

/** See {@linkcode readCells}. */
class BatchCells implements CellReader {
  readonly #count: number;
  readonly #cells: CellRows;
  readonly #rejects: RejectList;
  #row = 0;

  constructor(batch: Batch, options: CellOptions) {
    this.#count = rowCount(batch);
    this.#cells = new CellRows(batch, options);
    this.#rejects = new RejectList(batch);
  }

  get rejects(): readonly RejectedRow[] {
    return this.#rejects.rows;
  }

  get repaired(): number {
    return this.#cells.repaired;
  }

  varies = false;

  read(rowsMax: number, out: Cell[], rows: number[]): number {
    let count = 0;
    while (count < rowsMax && this.#row < this.#count && !this.varies) {
      const row = this.#row++;
      const start = out.length;
      const fault = this.#cells.append(row, out);
      if (fault === undefined) {
        rows.push(row);
        count++;
      } else {
        out.length = start;
        if (fault === VARIES) this.varies = true;
        else this.#rejects.add(row, fault);
      }
    }
    return count;
  }
}

/**
 * Reads the cells of single rows.
 *
 * Text in ASCII, which most of it is, is cut out of a window: a piece of the batch as one string of
 * one character a byte. That costs 11 ns a cell, a `TextDecoder` call 200 ns.
 */
export class CellRows {
  readonly #batch: Batch;
  readonly #buffer: Buffer;
  readonly #reader: BatchReader;
  readonly #columns: readonly CellColumn[];
  readonly #check: CellCheck;
  readonly #numbers: readonly boolean[];
  /** Rows that were appended without a fault so far in which U+0000 was stripped or escaped. */
  repaired = 0;
  #window = "";
  #windowStart = 0;
  #windowEnd = 0;

  /** Rows of one batch. */
  constructor(batch: Batch, options: CellOptions) {
    const { buffer, byteOffset, length } = batch.bytes;
    this.#batch = batch;
    this.#buffer = nodeBuffer().from(buffer, byteOffset, length);
    this.#reader = new BatchReader(batch);
    this.#columns = cellColumns(batch);
    this.#check = new CellCheck(batch.bytes, options);
    this.#numbers = options.numbers ?? [];
  }

  /** Appends the cells of a row; of a row with a fault, what was appended is to be taken back. */
  append(row: number, out: Cell[]): Fault | typeof VARIES | undefined {
    return this.#reader.read(row) ?? this.#append(row, out);
  }

  #append(row: number, out: Cell[]): Fault | typeof VARIES | undefined {
    const start = this.#batch.offsets[row]!;
    if (start < this.#windowStart || start >= this.#windowEnd) this.#openWindow(row);
    const check = this.#check;
    const { repairs } = check;
    const spans = this.#reader.spans;
    for (const column of this.#columns) {
      const verdict = check.check(column, spans);
      if (verdict === IS_NULL) out.push(null);
      else if (verdict !== FITS) return cellFault(column, verdict);
      else out.push(this.#cell(column));
    }
    if (check.repairs > repairs) this.repaired++;
    return undefined;
  }

  #cell(column: CellColumn): Cell {
    switch (column.family) {
      case BOOLEAN:
        if (this.#numbers[column.index]) return this.#check.truth ? 1 : 0;
        return this.#check.truth ? 1n : 0n;
      case INTEGER:
        return this.#integer(this.#numbers[column.index] === true);
      case FLOAT:
        return Number(this.#text());
      case BYTES: {
        const { src, from, to } = this.#check;
        return src.slice(from, to);
      }
      default:
        return this.#text();
    }
  }

  #integer(asNumber: boolean): bigint | number {
    const { src, from, to } = this.#check;
    if (to - from > 15) {
      const exact = BigInt(this.#text());
      const value = Number(exact);
      return asNumber && Number.isSafeInteger(value) ? value : exact;
    }
    const negative = src[from] === 0x2d;
    let value = 0;
    for (let at = negative ? from + 1 : from; at < to; at++) value = value * 10 + src[at]! - 0x30;
    // Not `-value`, which is -0 for 0: a database may take that for a fraction.
    if (negative) value = 0 - value;
    if (asNumber) return value;
    return value >= 0 && value < SMALL_INTEGERS.length ? SMALL_INTEGERS[value]! : BigInt(value);
  }

  #text(): string {
    const { src, from, to, ascii } = this.#check;
    if (ascii && src === this.#batch.bytes) {
      return this.#window.substring(from - this.#windowStart, to - this.#windowStart);
    }
    return decoder.decode(src.subarray(from, to));
  }

  #openWindow(row: number): void {
    const { offsets } = this.#batch;
    const rowsEnd = Math.min(row + WINDOW_ROWS, offsets.length - 1);
    this.#windowStart = offsets[row]!;
    let last = row + 1;
    while (last < rowsEnd && offsets[last + 1]! - this.#windowStart <= WINDOW_BYTES) last++;
    this.#windowEnd = offsets[last]!;
    this.#window = this.#buffer.toString("latin1", this.#windowStart, this.#windowEnd);
  }
}
