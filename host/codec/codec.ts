/**
 * The codec turns a batch's bytes into what a plan asks for, and checks each cell against its
 * column on the way. Rows that it cannot encode are named, not thrown: the rest is encoded.
 */
import type { Batch, RejectedRow } from "../../src/batch.ts";

/** A value to bind. Booleans are 0n and 1n; 64-bit integers are bigint; decimals are their digits. */
export type Cell = null | string | number | bigint | Uint8Array;

/** What a database takes, where databases differ. */
export interface CellRules {
  /** Whether U+0000 may stand in text and json; where not, it rejects the row as `encoding`. */
  readonly nul: boolean;
  /** Whether NaN may stand in a float column; where not, it rejects the row as `type`. */
  readonly nan: boolean;
}

/** A batch as PostgreSQL's COPY text format. */
export interface EncodedCopy {
  /** The rows, each with its line end. A view that the next call of the same codec overwrites. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Rows in `bytes`. */
  readonly rows: number;
  /** Row within the batch of each row in `bytes`; absent where no row was rejected. */
  readonly rowOf?: Uint32Array;
  /** Rows that were left out, and why. */
  readonly rejects: readonly RejectedRow[];
}

/** Cells of a batch, read in slices so that few of them are alive at once. */
export interface CellReader {
  /**
   * Appends the cells of up to `rowsMax` further rows to `out`, row after row, and their numbers
   * within the batch to `rows`. Returns how many rows that were; 0 at the end. Rejected rows are
   * left out.
   */
  read(rowsMax: number, out: Cell[], rows: number[]): number;
  /** Rows that were rejected so far. */
  readonly rejects: readonly RejectedRow[];
}

/** See the head of this file. One codec serves one connection, one batch at a time. */
export interface Codec {
  /** COPY text; with `ordinal`, the row's ordinal within the load is its last column. */
  copyText(
    batch: Batch,
    options: { readonly ordinal: boolean; readonly rules: CellRules },
  ): EncodedCopy;
  /** Cells to bind, in the order of the shape's columns. */
  cells(batch: Batch, rules: CellRules): CellReader;
  /** SHA-256 of the batch's bytes, in hex. */
  contentHash(batch: Batch): string;
}
