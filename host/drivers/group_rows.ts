import { type Batch, lineEndOf, type RejectedRow, rowCount } from "../../src/model/batch.ts";
import type { PlannedGroup } from "./driver.ts";

/** Which rows a group has; all of them by default. */
export interface GroupPlaces {
  readonly rows?: PlannedGroup["rows"] | undefined;
}

/**
 * The rows of a group as a batch of their own, and their places in the batch that they are out of.
 */
export class GroupRows {
  /** The rows; lines and ordinals are of no meaning. */
  readonly batch: Batch;
  readonly #part: Batch;
  readonly #rows: Uint32Array<ArrayBuffer> | undefined;

  /**
   * The rows of a group within a part of its batch that begins at row `from` of it. All of them are in
   * order: the first ordinal is the part's.
   */
  constructor(part: Batch, from: number, { rows }: GroupPlaces) {
    this.#part = part;
    this.#rows = rows && within(rows, from, from + rowCount(part));
    this.batch = this.#rows ? gathered(part, this.#rows) : part;
  }

  /** How many rows there are. */
  get count(): number {
    return rowCount(this.batch);
  }

  /** The row of the part that is the `index`-th of these. */
  rowOf(index: number): number {
    return this.#rows?.[index] ?? index;
  }

  /** Rejected rows with the ordinals and lines that they have in the part. */
  placed(rejects: readonly RejectedRow[]): readonly RejectedRow[] {
    if (!this.#rows || rejects.length === 0) return rejects;
    const { ordinal, bytes, offsets, format } = this.#part;
    const lineEnd = lineEndOf(format);
    let { line } = this.#part;
    let at = bytes.indexOf(lineEnd);
    return rejects.map((reject) => {
      const row = this.rowOf(reject.ordinal - ordinal);
      // Rejects come in the order of their rows: what was counted stays so.
      for (; at >= 0 && at < offsets[row]!; at = bytes.indexOf(lineEnd, at + 1)) {
        line++;
      }
      return { ...reject, ordinal: ordinal + row, line };
    });
  }
}

/** The numbers from `from` up to `to`, counted from there; `rows` rise. */
function within(
  rows: Uint32Array<ArrayBuffer>,
  from: number,
  to: number,
): Uint32Array<ArrayBuffer> {
  const first = lowerBound(rows, from);
  return rows.subarray(first, lowerBound(rows, to)).map((row) => row - from);
}

function lowerBound(rows: Uint32Array, value: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Some rows of a batch, one behind the other in bytes of their own. */
function gathered(batch: Batch, rows: Uint32Array): Batch {
  const { bytes, offsets } = batch;
  const starts = new Uint32Array(rows.length + 1);
  rows.forEach((row, i) => starts[i + 1] = starts[i]! + offsets[row + 1]! - offsets[row]!);
  const out = new Uint8Array(starts[rows.length]!);
  rows.forEach((row, i) => out.set(bytes.subarray(offsets[row], offsets[row + 1]), starts[i]));
  const { recycle: _, optional: __, ...rest } = batch;
  return { ...rest, bytes: out, offsets: starts };
}
