/** Writes rows as PostgreSQL's COPY text: checks each cell, and copies it as it stands. */
import type { Batch } from "../../../src/model/batch.ts";
import type { CopyOptions } from "../codec.ts";
import { BatchReader } from "./batch_reader.ts";
import { CellCheck } from "./cell_check.ts";
import { BOOLEAN, BYTES, type CellColumn, cellColumns } from "./cell_column.ts";
import type { Fault, VARIES } from "./cell_span.ts";
import type { RowEncoder } from "./copy_encoder.ts";
import type { CopyWriter } from "./copy_writer.ts";
import { cellFault } from "./reject_list.ts";
import { FITS, IS_NULL } from "./verdict.ts";

const TAB = 9;
const LF = 10;
const LETTER_F = 0x66;
const LETTER_T = 0x74;

/**
 * Booleans are `t` and `f`, integers plain digits, bytes in hex; all else is the text of the source.
 */
export class CopyTextRows implements RowEncoder {
  readonly #batch: Batch;
  readonly #ordinal: boolean;
  readonly #reader: BatchReader;
  readonly #columns: readonly CellColumn[];
  readonly #check: CellCheck;
  /** See {@linkcode RowEncoder}. */
  repaired = 0;

  /** An encoder of one batch. */
  constructor(batch: Batch, options: CopyOptions) {
    this.#batch = batch;
    this.#ordinal = options.ordinal;
    this.#reader = new BatchReader(batch);
    this.#columns = cellColumns(batch);
    this.#check = new CellCheck(batch.bytes, options.rules);
  }

  /** Nothing. */
  begin(): void {}

  /** Nothing. */
  end(): void {}

  /** See {@linkcode RowEncoder}. */
  write(row: number, out: CopyWriter): Fault | typeof VARIES | undefined {
    const { repairs } = this.#check;
    const fault = this.#reader.read(row) ?? this.#writeCells(out);
    if (fault !== undefined) return fault;
    if (this.#check.repairs > repairs) this.repaired++;
    if (this.#ordinal) {
      if (this.#columns.length > 0) out.byte(TAB);
      out.digits(this.#batch.ordinal + row);
    }
    out.byte(LF);
    return undefined;
  }

  #writeCells(out: CopyWriter): Fault | typeof VARIES | undefined {
    const check = this.#check;
    const spans = this.#reader.spans;
    const columns = this.#columns;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!;
      if (i > 0) out.byte(TAB);
      const verdict = check.check(column, spans);
      if (verdict === IS_NULL) out.null();
      else if (verdict !== FITS) return cellFault(column, verdict);
      else if (column.family === BOOLEAN) out.byte(check.truth ? LETTER_T : LETTER_F);
      else if (column.family === BYTES) out.bytea(check.src, check.from, check.to);
      else if (check.plain) out.copy(check.src, check.from, check.to);
      else out.escape(check.src, check.from, check.to);
    }
    return undefined;
  }
}
