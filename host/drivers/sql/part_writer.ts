/** How a batch writer writes parts of a batch, be they of one shape or of several. */
import type { Batch } from "../../../src/batch.ts";
import type { PartRows } from "./isolate.ts";
import type { Around, KeyCount, PrepareOptions } from "./row_writer.ts";

/** See the head of this file. */
export interface PartWriter {
  /** Makes a part ready, without a word to the database. */
  prepare(part: Batch, options: PrepareOptions): PreparedPart;
  /** Counts the distinct keys of all parts that are written till the transaction ends. */
  countKeys(): Promise<KeyCount>;
}

/** A part that is ready to be written, once. */
export interface PreparedPart extends PartRows {
  /** Rows in which U+0000 was stripped or escaped, once they are written. */
  readonly repaired: number;
  /**
   * Sends the rows, with what goes around them, and moves them on to where they are to be. Their keys
   * are counted.
   *
   * @throws {FirstRefused}, {RowsRejected}, {RowsVary}, the session's error
   */
  write(keys?: KeyCount, around?: Around): Promise<WrittenRows>;
}

/** What was written. */
export interface WrittenRows {
  /** Rows that were sent, and taken. */
  readonly sent: number;
  /** Rows that have arrived. */
  readonly merged: number;
}
