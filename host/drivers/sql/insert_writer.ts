/** Sends rows by INSERT statements of many rows. The cells of one call are alive at a time. */
import type { Batch, RejectedRow } from "../../../src/model/batch.ts";
import type { Cell, CellReader, CellRules } from "../../codec/codec.ts";
import { isOfRows, type RowWriterOptions, type SqlFamily } from "./family.ts";
import { type InsertText, insertText } from "./insert_text.ts";
import type { Fault } from "./isolate.ts";
import { KeySet } from "./key_set.ts";
import { emptyKeys, type KeyTable } from "./key_table.ts";
import {
  type Around,
  checkRead,
  type Exchange,
  FirstRefused,
  type PreparedRows,
  type RowWriter,
  sendFirst,
  type SentRows,
} from "./row_writer.ts";
import { failedRow, failedStatement, type SqlSession, type Statement } from "./session.ts";
import { asksForKeys } from "./staged_keys.ts";
import { CountsDiffer } from "./write_outcome.ts";

/** What sets a family's inserts apart. */
export interface InsertRules {
  /** How the codec makes cells. */
  readonly rules: CellRules;
  /** Whether blanks at the end of texts make no other key; false by default. */
  readonly padded?: boolean;
  /** Counts the keys of an upsert, where only the database knows which are the same. */
  readonly keyTable?: KeyTable | undefined;
}

/** A writer of rows by a plan's insert. @throws {LoadError} `plan_refused` */
export function insertWriter(
  session: SqlSession,
  { words, kindOf }: Pick<SqlFamily, "words" | "kindOf">,
  { write, names, ...options }: RowWriterOptions & InsertRules,
): RowWriter {
  const { codec, rules, shape, keyTable } = options;
  const insert = insertText(words, write, names);
  const comparesKeys = shape.mode === "upsert" && !keyTable && !asksForKeys(words, write);
  const isRefusal = (error: unknown) => isOfRows(kindOf(error));
  const writing = { ...options, session, insert, comparesKeys, isOfRows: isRefusal };
  return {
    ...keyTable ? { keyTable } : {},
    prepare: (batch, { rejectsMax }) => new InsertedRows(batch, { ...writing, rejectsMax }),
    rejectsOf(batch) {
      const reader = codec.cells(batch, rules);
      while (reader.read(insert.rowsMax, [], []) > 0);
      return reader.rejects;
    },
  };
}

/** How many bytes of a statement a byte of a record may become; half of that but for empty fields. */
const LITERAL_GROWTH = 4;

/** The rows of one statement. */
interface Slice {
  readonly cells: Cell[];
  /** Number within the batch of each row. */
  readonly rows: number[];
}

interface InsertedRowsOptions extends InsertRules, Pick<RowWriterOptions, "codec" | "shape"> {
  readonly session: SqlSession;
  readonly insert: InsertText;
  /** Whether distinct keys are counted here. */
  readonly comparesKeys: boolean;
  /** Whether an error of the session is of rows. */
  readonly isOfRows: (error: unknown) => boolean;
  readonly rejectsMax: number;
}

/** Rows of a batch. They are read when they are sent: two readers at a time would fight for memory. */
class InsertedRows implements PreparedRows {
  readonly #batch: Batch;
  readonly #options: InsertedRowsOptions;
  /** The statements of the next call; the slices are used again. */
  readonly #slices: Slice[] = [];
  #used = 0;
  /** Rows of the batch that were read, those that cannot be encoded among them. */
  #read = 0;
  #first: Exchange | undefined;
  #reader: CellReader | undefined;
  /** Distinct keys so far, where the database counts them. */
  #keys = 0;
  #refused: { readonly error: unknown; readonly fault: Fault } | undefined;

  constructor(batch: Batch, options: InsertedRowsOptions) {
    this.#batch = batch;
    this.#options = options;
  }

  get rejects(): readonly RejectedRow[] {
    return this.#reader?.rejects ?? [];
  }

  get repaired(): number {
    return this.#reader?.repaired ?? 0;
  }

  /** The rows of the statement that was refused. */
  fault(error: unknown): Fault | undefined {
    return this.#refused?.error === error ? this.#refused?.fault : undefined;
  }

  async send(around?: Around): Promise<SentRows> {
    const { session, codec, shape, rules, isOfRows, rejectsMax } = this.#options;
    const { padded = false, keyTable, comparesKeys } = this.#options;
    const reader = this.#reader = codec.cells(this.#batch, rules);
    const keys = comparesKeys ? new KeySet(shape.columns, { padded }) : undefined;
    this.#first = around?.first;
    // Of a batch in parts, whoever counts its keys has emptied it.
    if (keyTable && around) await session.run(emptyKeys(keyTable));
    let rows = 0;
    for (;;) {
      const slice = this.#nextSlice();
      const count = reader.read(this.#rowsFitting(), slice.cells, slice.rows);
      if (count === 0) break;
      this.#read = slice.rows.at(-1)! + 1;
      // The batch is lost: read on only to name every row that cannot be encoded.
      if (reader.rejects.length > rejectsMax) continue;
      keys?.add(slice.cells, count);
      rows += count;
      this.#used++;
      if (this.#bytes() >= session.callBytes) await this.#call();
    }
    // That the batch is in already decides over rows that are refused.
    const refused = !reader.varies && reader.rejects.length > rejectsMax;
    if (refused) await sendFirst(session, this.#first, isOfRows);
    checkRead(reader, rejectsMax);
    // How many keys the database has counted is known only when all of them are in.
    if (keyTable) await this.#call();
    const sent = { rows, keys: keyTable ? { size: this.#keys } : keys };
    await this.#call(around?.last?.(sent));
    return sent;
  }

  /** How many rows the next statement may have, behind those that were read. */
  #rowsFitting(): number {
    const { insert: { rowsMax }, session: { statementBytesMax } } = this.#options;
    if (statementBytesMax === undefined) return rowsMax;
    const { offsets } = this.#batch;
    const from = this.#read;
    const end = offsets[from]! + statementBytesMax / LITERAL_GROWTH;
    let rows = 1;
    while (rows < rowsMax && offsets[from + rows + 1]! <= end) rows++;
    return rows;
  }

  #nextSlice(): Slice {
    const slice = this.#slices[this.#used] ??= { cells: [], rows: [] };
    slice.cells.length = 0;
    slice.rows.length = 0;
    return slice;
  }

  /** Bytes of the records whose rows wait for the next call, and of those between them. */
  #bytes(): number {
    const { offsets } = this.#batch;
    const first = this.#slices[0]!.rows[0]!;
    const last = this.#slices[this.#used - 1]!.rows.at(-1)!;
    return offsets[last + 1]! - offsets[first]!;
  }

  /** Sends what waits: in the first call what goes before the rows as well, in the last what goes last. */
  async #call(last?: Exchange): Promise<void> {
    const { session, insert, isOfRows, keyTable } = this.#options;
    const slices = this.#slices.slice(0, this.#used);
    const { ordinal } = this.#batch;
    const first = this.#first;
    const own = first?.statements ?? [];
    const end = own.length + slices.length;
    this.#used = 0;
    const inserts = (text: InsertText): Statement[] =>
      slices.map(({ cells, rows }) => ({
        sql: text.text(rows.length),
        args: text.args(cells, (row) => ordinal + rows[row]!),
        repeats: rows.length === text.rowsMax,
      }));
    const statements = [
      ...own,
      ...inserts(insert),
      ...keyTable ? inserts(keyTable.insert) : [],
      ...last?.statements ?? [],
    ];
    if (statements.length === 0) return;
    let answers;
    try {
      answers = await session.runAll(statements);
    } catch (error) {
      if (!isOfRows(error)) throw error;
      const at = failedStatement(error) - own.length;
      if (at < 0) throw new FirstRefused(error);
      if (at < slices.length) {
        this.#refused = { error, fault: faultOf(slices[at]!, failedRow(error)) };
      }
      throw error;
    }
    this.#first = undefined;
    await first?.check?.(answers.slice(0, own.length));
    for (const [i, { rows }] of slices.entries()) {
      const { changes } = answers[own.length + i]!;
      if (changes !== rows.length) throw new CountsDiffer(rows.length, changes);
    }
    const counted = end + (keyTable ? slices.length : 0);
    for (const { changes } of answers.slice(end, counted)) this.#keys += changes;
    await last?.check?.(answers.slice(counted));
  }
}

/** The row of a slice that the database names; else all of them. */
function faultOf({ rows }: Slice, row: number | undefined): Fault {
  const named = row === undefined ? undefined : rows[row];
  if (named !== undefined) return { row: named, count: 1 };
  return { row: rows[0]!, count: rows.at(-1)! - rows[0]! + 1 };
}
