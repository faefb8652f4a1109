/** Encodes a batch as PostgreSQL's COPY text: checks each cell, and copies it as it stands. */
import { type Batch, rowCount } from "../../src/batch.ts";
import { BatchReader } from "./batch_reader.ts";
import { CellCheck } from "./cell_check.ts";
import { BOOLEAN, BYTES, type CellColumn, cellColumns } from "./cell_column.ts";
import type { CellSpans, Fault } from "./cell_span.ts";
import type { CellRules, EncodedCopy } from "./codec.ts";
import type { CopyWriter } from "./copy_writer.ts";
import { cellFault, RejectList } from "./reject_list.ts";
import { FITS, IS_NULL } from "./verdict.ts";

const TAB = 9;
const LF = 10;
const LETTER_F = 0x66;
const LETTER_T = 0x74;

/**
 * The batch as COPY text, and the rows that were left out. Booleans are `t` and `f`, integers plain
 * digits, bytes in hex; all else is the text of the source. Nothing is left of a rejected row.
 */
export function encodeCopyText(
  batch: Batch,
  options: {
    readonly ordinal: boolean;
    readonly rules: CellRules;
    /** Where it is written; what stood there is overwritten. */
    readonly out: CopyWriter;
  },
): EncodedCopy {
  const { out } = options;
  out.restart(batch.bytes.length >> 1);
  const rows = rowCount(batch);
  const reader = new BatchReader(batch);
  const encoder = new RowEncoder(batch, options.rules, out);
  const rejects = new RejectList(batch);
  let written = 0;
  let rowOf: Uint32Array | undefined;
  for (let row = 0; row < rows; row++) {
    const start = out.length;
    const fault = reader.read(row) ?? encoder.write(reader.spans);
    if (fault !== undefined) {
      out.length = start;
      rejects.add(row, fault);
      rowOf ??= Uint32Array.from({ length: rows }, (_, i) => i);
      continue;
    }
    if (options.ordinal) {
      if (encoder.columns.length > 0) out.byte(TAB);
      out.digits(batch.ordinal + row);
    }
    out.byte(LF);
    if (rowOf !== undefined) rowOf[written] = row;
    written++;
  }
  return {
    bytes: out.take(),
    rows: written,
    ...(rowOf === undefined ? {} : { rowOf: rowOf.slice(0, written) }),
    rejects: rejects.rows,
  };
}

class RowEncoder {
  readonly out: CopyWriter;
  readonly columns: readonly CellColumn[];
  readonly #check: CellCheck;

  constructor(batch: Batch, rules: CellRules, out: CopyWriter) {
    this.out = out;
    this.columns = cellColumns(batch.shape.columns);
    this.#check = new CellCheck(batch.bytes, rules);
  }

  write(spans: CellSpans): Fault | undefined {
    const check = this.#check;
    const out = this.out;
    const columns = this.columns;
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
