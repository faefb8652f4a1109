/**
 * Carries rows by the engine's appender, which takes vectors of them, and rolls back with the
 * transaction. It fills every column of its table: where the load has others than the table, rows go
 * through a temporary table that has just these, and from there by the plan's own INSERT.
 *
 * An appender counts nothing and is left behind empty, whatever happens: what it held would go with the
 * next transaction.
 */
import { setImmediate } from "node:timers/promises";
import type { DuckDBAppender } from "@duckdb/node-api";
import type { Batch, RejectedRow } from "../../../src/batch.ts";
import type { PlainInsert } from "../../../src/policy/plain_insert.ts";
import type { Cell, CellOptions, CellReader, PackedCells } from "../../codec/codec.ts";
import { packCells } from "../../codec/packed_cells.ts";
import { isOfRows, type RowWriterOptions } from "../sql/family.ts";
import type { Fault } from "../sql/isolate.ts";
import { ORDINAL_NAME, render } from "../sql/names.ts";
import {
  type Around,
  type KeyCount,
  type PreparedRows,
  type PrepareOptions,
  RowsRejected,
  RowsVary,
  type RowWriter,
  sendFirst,
  type SentRows,
} from "../sql/row_writer.ts";
import { qualified } from "../sql/words.ts";
import { CountsDiffer } from "../sql/write_outcome.ts";
import { DUCKDB_WORDS } from "./dialect.ts";
import { DuckError, kindOf } from "./failures.ts";
import type { DuckSession } from "./session.ts";
import { Chunk, type ChunkColumn, VECTOR_ROWS } from "./vectors.ts";

/** The temporary table that rows go through. */
const BULK_NAME = "_snakepipe_bulk";
/** Rows after which the event loop has its turn, and the appender hands over what it has. */
const FLUSH_ROWS = 8 * VECTOR_ROWS;

/** Where an appender's rows go. */
interface AppendTarget {
  readonly catalog?: string;
  readonly schema: string;
  readonly name: string;
  /** In quotes. */
  readonly quoted: string;
  /** In the table's order. */
  readonly columns: readonly ChunkColumn[];
  /** Moves rows on, where they go through a table of ours. */
  readonly moveOn?: string;
}

/** What a writer is made of. */
export interface AppendWriterOptions extends RowWriterOptions {
  /** What the plan's insert comes to. */
  readonly insert: PlainInsert;
  readonly rules: CellOptions;
  readonly countKeys: (() => Promise<KeyCount>) | undefined;
}

/** See the head of this file. */
export class AppendWriter implements RowWriter {
  readonly countKeys?: () => Promise<KeyCount>;
  readonly #session: DuckSession;
  readonly #options: AppendWriterOptions;
  readonly #target: AppendTarget;
  readonly #chunk: Chunk;

  private constructor(session: DuckSession, options: AppendWriterOptions, target: AppendTarget) {
    this.#session = session;
    this.#options = options;
    this.#target = target;
    this.#chunk = new Chunk(target.columns);
    if (options.countKeys) this.countKeys = options.countKeys;
  }

  /** Looks at the columns of the table that takes the rows, which is there. @throws {DuckError} */
  static async open(session: DuckSession, options: AppendWriterOptions): Promise<AppendWriter> {
    return new AppendWriter(session, options, await targetOf(session, options));
  }

  prepare(batch: Batch, options: PrepareOptions): PreparedRows {
    const { codec, rules } = this.#options;
    return new AppendedRows(codec.cells(batch, { ...rules, packed: true }), {
      ...options,
      chunk: this.#chunk,
      session: this.#session,
      target: this.#target,
      ordinal: this.#options.insert.ordinal ? batch.ordinal : undefined,
      names: this.#options.shape.columns.map(({ name }) => name),
    });
  }

  rejectsOf(batch: Batch): readonly RejectedRow[] {
    const { codec, rules } = this.#options;
    const reader = codec.cells(batch, rules);
    while (reader.read(VECTOR_ROWS, [], []) > 0);
    return reader.rejects;
  }
}

/**
 * The table of the plan itself, where the load fills every column that it has. What is staged or put
 * aside is read by the load's own columns: others may be there, for other rows, and are NULL.
 */
async function targetOf(
  session: DuckSession,
  { shape, write, names, insert }: AppendWriterOptions,
): Promise<AppendTarget> {
  const { foldCase } = DUCKDB_WORDS;
  const own = new Map(shape.columns.map(({ name }, place) => [foldCase(name), place]));
  own.set(ORDINAL_NAME, own.size);
  const quoted = names[insert.into];
  const [first, name] = unquoted(quoted) as [string, string];
  const described = await session.all(
    `SELECT column_name, column_type FROM (DESCRIBE ${quoted})`,
  );
  const columns = described.map(([column, declared]): ChunkColumn => {
    const place = own.get(foldCase(String(column))) ?? -1;
    const type = shape.columns[place]?.type ?? (place < 0 ? "other" : "int64");
    return { type, place, declared: String(declared) };
  });
  const place = insert.into === "staging" ? { catalog: first, schema: "main" } : { schema: first };
  if (insert.into !== "table" || columns.every(({ place }) => place >= 0)) {
    return { ...place, name, quoted, columns };
  }
  const bulk = qualified(DUCKDB_WORDS, "temp", BULK_NAME);
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${bulk} AS SELECT ${
      names.columns.join(", ")
    } FROM ${quoted} LIMIT 0`,
  );
  const moveOn = render(
    write.sql.replace(/VALUES\s*\{rows\}\s*$/i, `SELECT * FROM ${bulk}`),
    names,
  );
  return {
    ...{ catalog: "temp", schema: "main", name: BULK_NAME, quoted: bulk, moveOn },
    columns: columns.filter(({ place }) => place >= 0).sort((a, b) => a.place - b.place),
  };
}

interface AppendedRowsOptions extends PrepareOptions {
  readonly session: DuckSession;
  readonly target: AppendTarget;
  readonly chunk: Chunk;
  /** Number of the first row, where rows are staged with theirs. */
  readonly ordinal: number | undefined;
  /** Names of the load's columns. */
  readonly names: readonly string[];
}

class AppendedRows implements PreparedRows {
  readonly #reader: CellReader;
  readonly #options: AppendedRowsOptions;
  /** Numbers within the batch of the rows of the chunk. */
  #rows: number[] = [];
  #sent = 0;

  constructor(reader: CellReader, options: AppendedRowsOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  get rejects(): readonly RejectedRow[] {
    return this.#reader.rejects;
  }

  get repaired(): number {
    return this.#reader.repaired;
  }

  /** A value that is none of its column's type is in the chunk that was appended last. */
  fault(error: unknown): Fault | undefined {
    if (!(error instanceof DuckError) || error.columnAt === undefined) return undefined;
    const { target: { columns }, names } = this.#options;
    const column = names[columns[error.columnAt]?.place ?? names.length];
    const [first, last] = [this.#rows[0]!, this.#rows.at(-1)!];
    return { row: first, count: last - first + 1, ...(column === undefined ? {} : { column }) };
  }

  async send(around?: Around): Promise<SentRows> {
    const { session, target, rejectsMax } = this.#options;
    await sendFirst(session, around?.first, (error) => isOfRows(kindOf(error)));
    const before = target.moveOn === undefined ? await this.#count() : 0;
    await this.#append();
    if (this.#reader.varies) throw new RowsVary();
    if (this.rejects.length > rejectsMax) throw new RowsRejected(this.rejects);
    const taken = target.moveOn === undefined
      ? await this.#count() - before
      : await session.run(target.moveOn);
    if (target.moveOn !== undefined) await session.run(`DELETE FROM ${target.quoted}`);
    if (taken !== this.#sent) throw new CountsDiffer(this.#sent, taken);
    const sent = { rows: this.#sent, keys: undefined };
    const last = around?.last?.(sent);
    if (last) await last.check?.(await session.runAll(last.statements));
    return sent;
  }

  async #append(): Promise<void> {
    const { session, chunk, target: { name, schema, catalog, columns }, rejectsMax } =
      this.#options;
    let appender: DuckDBAppender | undefined;
    try {
      appender = await session.attempt((c) => c.createAppender(name, schema, catalog ?? null));
      const open = appender;
      // It was altered since: what is missing or new is planned for.
      if (open.columnCount !== columns.length) throw new DuckError("MISSING_COLUMN");
      while (this.#read()) {
        // The batch is lost: read on only to name every row that cannot be encoded.
        if (this.rejects.length > rejectsMax) continue;
        await session.attempt(() => open.appendDataChunk(chunk.data));
        this.#sent += this.#rows.length;
        if (this.#sent % FLUSH_ROWS !== 0) continue;
        await session.attempt(() => open.flushSync());
        await setImmediate();
      }
      if (this.#reader.varies || this.rejects.length > rejectsMax) return;
      await session.attempt(() => open.closeSync());
      appender = undefined;
    } finally {
      if (appender) leave(appender);
    }
  }

  /** Reads the rows of the next chunk; false at the end. */
  #read(): boolean {
    const { ordinal, chunk } = this.#options;
    this.#rows = [];
    chunk.clear();
    while (chunk.rows < VECTOR_ROWS) {
      const rows: number[] = [];
      const cells = this.#next(VECTOR_ROWS - chunk.rows, rows);
      if (!cells) break;
      chunk.add(cells, ordinal === undefined ? [] : rows.map((row) => ordinal + row));
      this.#rows.push(...rows);
    }
    if (chunk.rows === 0) return false;
    chunk.fill();
    return true;
  }

  #next(rowsMax: number, rows: number[]): PackedCells | undefined {
    if (this.#reader.readPacked) return this.#reader.readPacked(rowsMax, rows);
    const cells: Cell[] = [];
    const count = this.#reader.read(rowsMax, cells, rows);
    return count === 0 ? undefined : packCells(cells, count);
  }

  async #count(): Promise<number> {
    const { session, target: { quoted } } = this.#options;
    return Number((await session.all(`SELECT count(*) FROM ${quoted}`))[0]![0]);
  }
}

/** Empties an appender, and ends it. */
function leave(appender: DuckDBAppender): void {
  for (const end of [() => appender.clear(), () => appender.closeSync()]) {
    try {
      end();
    } catch {
      // Its transaction is over, or was refused already.
    }
  }
}

/** The names in a table's qualified one. */
function unquoted(name: string): string[] {
  return [...name.matchAll(/"((?:[^"]|"")*)"/g)].map(([, text]) => text!.replaceAll('""', '"'));
}
