/**
 * Sends the rows of a batch, or of a part of it, by INSERT statements of many rows. The cells of one
 * call are alive at a time.
 */
import { type Batch, type RejectedRow, rowCount, type Shape } from "../../../src/batch.ts";
import type { Cell, CellReader } from "../../codec/codec.ts";
import type { Fault } from "../isolate.ts";
import type { Statement } from "../sql/session.ts";
import type { InsertText } from "./dialect.ts";
import { KeySet } from "./key_set.ts";
import type { Session, SessionError } from "./session.ts";
import { CountsDiffer, isOfRows } from "./write_outcome.ts";

/** How rows are sent. */
export interface RowPlan {
  readonly shape: Shape;
  readonly insert: InsertText;
  /** What goes before the rows, in the first call; nothing by default. */
  readonly first?: Statement;
  readonly reader: CellReader;
  /** Rows that may be left out. */
  readonly rejectsMax: number;
}

/** More rows cannot be encoded than may be left out. */
export class RowsRejected extends Error {
  readonly rows: readonly RejectedRow[];
  /** Whether what goes before the rows was sent, and taken. */
  readonly begun: boolean;

  constructor(rows: readonly RejectedRow[], begun: boolean) {
    super("Rows were rejected");
    this.rows = rows;
    this.begun = begun;
  }
}

/** A constraint refuses what goes before the rows: no row was sent. */
export class FirstRefused extends Error {
  override readonly cause: SessionError;

  constructor(cause: SessionError) {
    super("The batch's own statement was refused", { cause });
    this.cause = cause;
  }
}

/** The database refuses rows of one statement. */
export class RowsRefused extends Error {
  override readonly cause: SessionError;
  /** Where they stand. */
  readonly fault: Fault;

  constructor(cause: SessionError, rows: readonly number[]) {
    super("Rows were refused", { cause });
    this.cause = cause;
    this.fault = { row: rows[0]!, count: rows.at(-1)! - rows[0]! + 1 };
  }
}

/** The rows of one statement. */
interface Slice {
  readonly cells: Cell[];
  /** Number within the batch of each row. */
  readonly rows: number[];
}

/**
 * Sends every row that the reader yields; returns how many there were, and for an upsert their keys.
 *
 * @throws {RowsRejected}, {FirstRefused}, {RowsRefused}
 * @throws {SessionError} the database's failure, where it is not of rows
 * @throws {CountsDiffer} where a statement took another number of rows than it was sent
 */
export async function sendRows(
  session: Session,
  batch: Batch,
  plan: RowPlan,
): Promise<{ readonly rows: number; readonly keys: KeySet | undefined }> {
  const { shape, insert, reader, rejectsMax } = plan;
  const keys = shape.mode === "upsert" ? new KeySet(shape.columns) : undefined;
  const call = new Call(session, plan);
  let sent = 0;
  for (;;) {
    const slice = call.nextSlice();
    const count = reader.read(insert.rowsMax, slice.cells, slice.rows);
    if (count === 0) break;
    // The batch is lost: read on only to name every row that cannot be encoded.
    if (reader.rejects.length > rejectsMax) continue;
    keys?.add(slice.cells, count);
    sent += count;
    call.add(slice);
    if (call.bytesOf(batch) >= session.callBytes) await call.send();
  }
  const { rejects } = reader;
  if (rejects.length > rejectsMax) throw new RowsRejected(rejects, call.begun);
  await call.send();
  if (sent !== rowCount(batch) - rejects.length) {
    throw new CountsDiffer(rowCount(batch) - rejects.length, sent);
  }
  return { rows: sent, keys };
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

  /** Whether anything was sent, and taken. */
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

  /** Sends what was added, in the first call after what goes before the rows. */
  async send(): Promise<void> {
    const { insert, first } = this.#plan;
    const slices = this.#slices.slice(0, this.#used);
    const own = this.#begun || !first ? [] : [first];
    if (slices.length + own.length === 0) return;
    this.#used = 0;
    const statements = slices.map(({ cells, rows }) => ({
      sql: insert.text(rows.length),
      args: cells,
    }));
    try {
      const changes = await this.#session.runAll([...own, ...statements]);
      slices.forEach(({ rows }, i) => checkTaken(rows.length, changes[own.length + i]!));
      this.#begun = true;
    } catch (error) {
      if (!isOfRows(error)) throw error;
      if (error.statement < own.length) throw new FirstRefused(error);
      throw new RowsRefused(error, slices[error.statement - own.length]!.rows);
    }
  }
}

function checkTaken(sent: number, taken: number): void {
  if (taken !== sent) throw new CountsDiffer(sent, taken);
}
