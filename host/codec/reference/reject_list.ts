/**
 * Turns faults into rejected rows, with line and position. Rows must be added in rising order: lines
 * are counted once, onward from the row before, however many rows are rejected.
 */
import { type Batch, lineEndOf, type RejectedRow } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { type CellColumn, FORMED } from "./cell_column.ts";
import { type Fault, VARIES } from "./cell_span.ts";
import { characterCount } from "./utf8.ts";
import {
  BAD_ENCODING,
  CHANGED,
  FITS,
  FORM_UNSAID,
  IS_NULL,
  LACKED,
  NAN_REFUSED,
  NUL_REFUSED,
  NULL_REFUSED,
  TOO_FINE,
  TOO_LARGE,
  type Verdict,
  WRONG_TYPE,
} from "./verdict.ts";

/** Names that come from the source are cut to so many UTF-16 units. */
const NAME_LENGTH_MAX = 100;

/** Turns faults into rejected rows, with line and position. */
export class RejectList {
  /** What was rejected so far. */
  readonly rows: RejectedRow[] = [];
  /** Their numbers within the batch, rising. */
  readonly #numbers: number[] = [];
  readonly #batch: Omit<Batch, "shape">;
  /** Line at the offset up to which lines were counted. */
  #line: number;
  #counted = 0;

  /** A list for rows of a batch. */
  constructor(batch: Omit<Batch, "shape">) {
    this.#batch = batch;
    this.#line = batch.line;
  }

  /** Adds a row of the batch. `position` counts characters from the start of the record, from 1. */
  add(row: number, fault: Fault): void {
    const start = this.#batch.offsets[row]!;
    const { at, column } = fault;
    this.#numbers.push(row);
    this.rows.push({
      ordinal: this.#batch.ordinal + row,
      part: this.#batch.part,
      line: this.#lineAt(start),
      ...(column === undefined ? {} : { column: cutName(column) }),
      ...(at === undefined ? {} : { position: 1 + characterCount(this.#batch.bytes, start, at) }),
      code: fault.code,
      message: fault.message,
    });
  }

  /** The number within the batch of the row that is `index`-th of those that were not rejected. */
  rowOf(index: number): number {
    let row = index;
    for (const number of this.#numbers) {
      if (number > row) break;
      row++;
    }
    return row;
  }

  #lineAt(offset: number): number {
    const { bytes, format } = this.#batch;
    const lineEnd = lineEndOf(format);
    let at = bytes.indexOf(lineEnd, this.#counted);
    while (at >= 0 && at < offset) {
      this.#line++;
      this.#counted = at + 1;
      at = bytes.indexOf(lineEnd, at + 1);
    }
    this.#counted = Math.max(this.#counted, offset);
    return this.#line;
  }
}

/** What a verdict that refuses a cell says of its record. */
export function cellFault(column: CellColumn, verdict: Verdict): Fault | typeof VARIES {
  const { name, type } = column;
  switch (verdict) {
    case NULL_REFUSED: {
      const message = "The column takes no NULL, and no value came" +
        (column.updated
          ? "; an upsert needs one for a row that is there as well, unless the column has a default"
          : "");
      return { code: "null", message, column: name };
    }
    case WRONG_TYPE: {
      const message = `The value is not of type ${type}${inferredHint(column, "text")}`;
      return { code: "type", message, column: name };
    }
    case TOO_LARGE: {
      const better = column.family === FORMED ? "text" : "decimal";
      const message = `The value is out of the range of ${type}${inferredHint(column, better)}`;
      return { code: "range", message, column: name };
    }
    case CHANGED: {
      const message = `The value would be changed by type ${type}${
        inferredHint(column, "decimal")
      }`;
      return { code: "range", message, column: name };
    }
    case TOO_FINE: {
      const message =
        "The value is finer than the microseconds that the column keeps: round it in " +
        "the source, or load it into a column of text";
      return { code: "range", message, column: name };
    }
    case FORM_UNSAID: {
      const message =
        "The value is not hex behind \\x, and nothing says how its bytes are written: " +
        "say so with --bytes base64, --bytes hex or --bytes text";
      return { code: "type", message, column: name };
    }
    case NAN_REFUSED: {
      const message = "The database keeps no NaN: leave the field out, or write null";
      return { code: "type", message, column: name };
    }
    case NUL_REFUSED:
      return { code: "encoding", message: "The database takes no U+0000 in text", column: name };
    case BAD_ENCODING:
      return { code: "encoding", message: "A lone surrogate stands in a string", column: name };
    case LACKED:
      return VARIES;
    case FITS:
    case IS_NULL:
      break;
  }
  throw new LoadError("A cell that fits was to be rejected", { code: "bug", blame: "host" });
}

/** Where nobody has named the type: how it is done. */
function inferredHint({ inferred }: CellColumn, better: "decimal" | "text"): string {
  if (!inferred) return "";
  return `, which was inferred from the first batch: name the type with --schema, such as ${better}, ` +
    "and load into a new table; or, where the database can, change the type in the table and go on " +
    "with --same-table";
}

/** A name of any length from the source, as text that can be shown. */
function cutName(name: string): string {
  return name.slice(0, NAME_LENGTH_MAX).toWellFormed();
}
