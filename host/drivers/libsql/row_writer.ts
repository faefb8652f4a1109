/**
 * Sends the rows of a batch by INSERT statements of many rows, and names the row that the database
 * refuses. The cells of one slice are alive at a time.
 */
import {
  type Batch,
  lineOfRow,
  type RejectedRow,
  rowCount,
  type Shape,
} from "../../../src/batch.ts";
import type { Cell, CellReader } from "../../codec/codec.ts";
import type { InsertText } from "./dialect.ts";
import { kindOf, rowSentence } from "./failures.ts";
import { KeySet } from "./key_set.ts";
import { type Session, SessionError } from "./session.ts";
import { CountsDiffer } from "./write_outcome.ts";

/** What became of the rows of a batch within its transaction, which is still open. */
export type RowsSent =
  /** All are in; `distinct` counts those of one key once. */
  | { readonly kind: "sent"; readonly rows: number; readonly distinct: number }
  /** These cannot be taken: roll back. */
  | { readonly kind: "rejected"; readonly rows: readonly RejectedRow[] };

/** How the rows of a load are sent. */
export interface RowPlan {
  readonly shape: Shape;
  readonly insert: InsertText;
}

/** A slice of a batch. */
interface Slice {
  readonly cells: Cell[];
  /** Number within the batch of each row. */
  readonly rows: number[];
}

/**
 * Sends every row that the reader yields.
 *
 * @throws {SessionError} the database's failure, where it is not of one row
 * @throws {CountsDiffer} where a statement took another number of rows than it was sent
 */
export async function sendRows(
  session: Session,
  batch: Batch,
  options: RowPlan & { readonly reader: CellReader },
): Promise<RowsSent> {
  const { shape, insert, reader } = options;
  const keys = shape.mode === "upsert" ? new KeySet(shape.columns) : undefined;
  const slice: Slice = { cells: [], rows: [] };
  let sent = 0;
  for (;;) {
    slice.cells.length = 0;
    slice.rows.length = 0;
    const count = reader.read(insert.rowsMax, slice.cells, slice.rows);
    if (count === 0) break;
    // The batch is lost: read on only to name every row that cannot be encoded.
    if (reader.rejects.length > 0) continue;
    keys?.add(slice.cells, count);
    try {
      await sendSlice(session, insert, slice.cells);
    } catch (error) {
      const bad = await findBadRow(session, slice, { ...options, error });
      return { kind: "rejected", rows: [rejectedRow(batch, shape, bad)] };
    }
    sent += count;
  }
  if (reader.rejects.length > 0) return { kind: "rejected", rows: [...reader.rejects] };
  if (sent !== rowCount(batch)) throw new CountsDiffer(rowCount(batch), sent);
  return { kind: "sent", rows: sent, distinct: keys?.size ?? sent };
}

async function sendSlice(session: Session, insert: InsertText, cells: Cell[]): Promise<void> {
  const rows = cells.length / insert.width;
  const taken = await session.run(insert.text(rows), cells);
  if (taken !== rows) throw new CountsDiffer(rows, taken);
}

interface BadRow {
  readonly row: number;
  readonly error: SessionError;
}

/**
 * Halves a slice that was refused until one row stands alone. What was taken on the way stays until
 * the caller rolls the transaction back, so that rows which only clash with one another are found.
 *
 * @throws what refused the slice, where it is not of a row, or no single row is refused
 */
async function findBadRow(
  session: Session,
  slice: Slice,
  options: RowPlan & { readonly error: unknown },
): Promise<BadRow> {
  if (!isOfRow(options.error)) throw options.error;
  const { insert, error } = options;
  const width = insert.width;
  let low = 0;
  let high = slice.rows.length;
  let last: SessionError | undefined;
  // A table's own ON CONFLICT ROLLBACK has ended the transaction: keep the search in one.
  await session.run(`SAVEPOINT "_snakepipe_search"`);
  while (low < high) {
    const middle = Math.max(low + 1, (low + high) >> 1);
    try {
      await sendSlice(session, insert, slice.cells.slice(low * width, middle * width));
      low = middle;
    } catch (refusal) {
      if (!isOfRow(refusal)) throw refusal;
      if (middle === low + 1) return { row: slice.rows[low]!, error: refusal };
      high = middle;
      last = refusal;
    }
  }
  throw last ?? error;
}

function isOfRow(error: unknown): error is SessionError {
  if (!(error instanceof SessionError)) return false;
  const kind = kindOf(error.code);
  return kind === "data" || kind === "integrity";
}

function rejectedRow(batch: Batch, shape: Shape, bad: BadRow): RejectedRow {
  const names = shape.columns.map((c) => c.name);
  const column = bad.error.columns.find((name) => names.includes(name));
  return {
    ordinal: batch.ordinal + bad.row,
    part: batch.part,
    line: lineOfRow(batch, bad.row),
    ...(column === undefined ? {} : { column }),
    code: kindOf(bad.error.code) === "data" ? "data" : "integrity",
    message: rowSentence(bad.error, names),
  };
}
