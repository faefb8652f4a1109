/**
 * Sends the rows of a batch by INSERT statements of many rows, and names the row that the database
 * refuses. The cells of one call are alive at a time.
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
import { type Session, SessionError, type Statement } from "./session.ts";
import { CountsDiffer } from "./write_outcome.ts";

/** What became of the rows of a batch within its transaction, which is still open. */
export type RowsSent =
  /** All are in; `distinct` counts those of one key once. */
  | { readonly kind: "sent"; readonly rows: number; readonly distinct: number }
  /** A constraint refuses the batch's own statement: nothing was sent. */
  | { readonly kind: "refused"; readonly error: SessionError }
  /** These cannot be taken: roll back. */
  | {
    readonly kind: "rejected";
    readonly rows: readonly RejectedRow[];
    /** Whether the batch's own statement was sent, and taken. */
    readonly begun: boolean;
  };

/** How the rows of a load are sent. */
export interface RowPlan {
  readonly shape: Shape;
  readonly insert: InsertText;
  /** The batch's own statement, which goes before its rows. */
  readonly first: Statement;
  readonly reader: CellReader;
}

/** The rows of one statement. */
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
export async function sendRows(session: Session, batch: Batch, plan: RowPlan): Promise<RowsSent> {
  const { shape, insert, reader } = plan;
  const keys = shape.mode === "upsert" ? new KeySet(shape.columns) : undefined;
  const call = new Call(session, plan);
  let sent = 0;
  for (;;) {
    const slice = call.nextSlice();
    const count = reader.read(insert.rowsMax, slice.cells, slice.rows);
    if (count === 0) break;
    // The batch is lost: read on only to name every row that cannot be encoded.
    if (reader.rejects.length > 0) continue;
    keys?.add(slice.cells, count);
    sent += count;
    call.add(slice);
    if (call.bytesOf(batch) < session.callBytes) continue;
    const refusal = await call.send(batch);
    if (refusal) return refusal;
  }
  const { rejects } = reader;
  if (rejects.length > 0) return { kind: "rejected", rows: [...rejects], begun: call.begun };
  const refusal = await call.send(batch);
  if (refusal) return refusal;
  if (sent !== rowCount(batch)) throw new CountsDiffer(rowCount(batch), sent);
  return { kind: "sent", rows: sent, distinct: keys?.size ?? sent };
}

/** The statements that go to the database in one call; the slices are used again. */
class Call {
  readonly #session: Session;
  readonly #plan: RowPlan;
  readonly #slices: Slice[] = [];
  #used = 0;
  #begun = false;

  constructor(session: Session, plan: RowPlan) {
    this.#session = session;
    this.#plan = plan;
  }

  /** Whether the batch's own statement was taken. */
  get begun(): boolean {
    return this.#begun;
  }

  /** An empty slice, which is of the call once it is added. */
  nextSlice(): Slice {
    const slice = this.#slices[this.#used] ??= { cells: [], rows: [] };
    slice.cells.length = 0;
    slice.rows.length = 0;
    return slice;
  }

  add(slice: Slice): void {
    this.#slices[this.#used++] = slice;
  }

  /** Bytes of the records whose rows it holds, and of those between them. */
  bytesOf({ offsets }: Batch): number {
    const first = this.#slices[0]!.rows[0]!;
    const last = this.#slices[this.#used - 1]!.rows.at(-1)!;
    return offsets[last + 1]! - offsets[first]!;
  }

  /** Sends what was added, after the batch's own statement in the first call. */
  async send(batch: Batch): Promise<RowsSent | undefined> {
    const { insert, shape, first } = this.#plan;
    const slices = this.#slices.slice(0, this.#used);
    const own = this.#begun ? [] : [first];
    if (slices.length + own.length === 0) return undefined;
    this.#used = 0;
    const statements = slices.map(({ cells, rows }) => ({
      sql: insert.text(rows.length),
      args: cells,
    }));
    try {
      const changes = await this.#session.runAll([...own, ...statements]);
      slices.forEach(({ rows }, i) => checkTaken(rows.length, changes[own.length + i]!));
      this.#begun = true;
      return undefined;
    } catch (error) {
      if (!isOfRow(error)) throw error;
      if (error.statement < own.length) return { kind: "refused", error };
      this.#begun = true;
      const slice = slices[error.statement - own.length]!;
      const bad = await findBadRow(this.#session, insert, { slice, error });
      return { kind: "rejected", rows: [rejectedRow(batch, shape, bad)], begun: true };
    }
  }
}

function checkTaken(sent: number, taken: number): void {
  if (taken !== sent) throw new CountsDiffer(sent, taken);
}

interface BadRow {
  readonly row: number;
  readonly error: SessionError;
}

/**
 * Halves a slice that was refused until one row stands alone. What was taken on the way stays until
 * the caller rolls the transaction back, so that rows which only clash with one another are found.
 *
 * @throws what refused the slice, where no single row is refused
 */
async function findBadRow(
  session: Session,
  insert: InsertText,
  { slice, error }: { readonly slice: Slice; readonly error: SessionError },
): Promise<BadRow> {
  const width = insert.width;
  let low = 0;
  let high = slice.rows.length;
  let last: SessionError | undefined;
  // A table's own ON CONFLICT ROLLBACK has ended the transaction: keep the search in one.
  await session.run(`SAVEPOINT "_snakepipe_search"`);
  while (low < high) {
    const middle = Math.max(low + 1, (low + high) >> 1);
    const args = slice.cells.slice(low * width, middle * width);
    try {
      const [taken] = await session.runAll([{ sql: insert.text(middle - low), args }]);
      checkTaken(middle - low, taken!);
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
