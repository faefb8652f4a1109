import { setImmediate } from "node:timers/promises";
import type { DuckDBDataChunk } from "@duckdb/node-api";
import { BIGINT } from "@duckdb/node-api";
import type { Batch, RejectedRow } from "../../../src/model/batch.ts";
import type { Cell, CellOptions, CellReader, PackedCells } from "../../codec/codec.ts";
import { packCells } from "../../codec/packed_cells.ts";
import { isOfRows, type RowWriterOptions } from "../sql/family.ts";
import type { Fault } from "../sql/isolate.ts";
import { ORDINAL_NAME, render } from "../sql/names.ts";
import {
  type Around,
  checkRead,
  type PreparedRows,
  type PrepareOptions,
  type RowWriter,
  sendFirst,
  type SentRows,
} from "../sql/row_writer.ts";
import { CountsDiffer } from "../sql/write_outcome.ts";
import { DUCKDB_FAILURES } from "./failures.ts";
import { type RowScan, scanning } from "./row_scan.ts";
import type { DuckSession } from "./session.ts";
import { Chunk, VECTOR_ROWS, vectorType } from "./vectors.ts";

/** Chunks that are filled before the engine asks for them: those of a whole batch, in most cases. */
const AHEAD_MAX = 60;

/** What a writer is made of. */
export interface ScanWriterOptions extends RowWriterOptions {
  /** Whether each row's ordinal stands behind its values. */
  readonly ordinal: boolean;
  readonly rules: CellOptions;
}

/**
 * Carries rows by the plan's own INSERT, which selects them from a scan: chunks are filled in this
 * thread, ahead of the engine that takes them in one of its own, and of the batch's turn.
 */
export class ScanWriter implements RowWriter {
  readonly #session: DuckSession;
  readonly #options: ScanWriterOptions;
  readonly #columns: RowScan["columns"];
  readonly #spare: Chunk[] = [];

  /** A writer on an open session. */
  constructor(session: DuckSession, options: ScanWriterOptions) {
    this.#session = session;
    this.#options = options;
    const { shape, ordinal } = options;
    this.#columns = [
      ...shape.columns.map(({ name, type }) => ({ name, type: vectorType(type) })),
      ...ordinal ? [{ name: ORDINAL_NAME, type: BIGINT }] : [],
    ];
  }

  prepare(batch: Batch, options: PrepareOptions): PreparedRows {
    const { codec, rules, write, names } = this.#options;
    const rows = new ScannedRows(codec.cells(batch, { ...rules, packed: true }), {
      ...options,
      ordinal: batch.ordinal,
      session: this.#session,
      columns: this.#columns,
      spare: this.#spare,
      insert: (scan) =>
        render(write.sql.replace(/VALUES\s*\{rows\}\s*$/i, `SELECT * FROM ${scan}`), names),
    });
    if (options.meanwhile) void rows.fillAhead();
    return rows;
  }

  rejectsOf(batch: Batch): readonly RejectedRow[] {
    const { codec, rules } = this.#options;
    const reader = codec.cells(batch, rules);
    while (reader.read(VECTOR_ROWS, [], []) > 0);
    return reader.rejects;
  }
}

interface ScannedRowsOptions extends PrepareOptions, Pick<RowScan, "columns"> {
  readonly session: DuckSession;
  /** Number of the batch's first row. */
  readonly ordinal: number;
  /** Chunks to use again. */
  readonly spare: Chunk[];
  /** The statement that inserts a scan. */
  insert(scan: string): string;
}

class ScannedRows implements PreparedRows, RowScan {
  readonly #reader: CellReader;
  readonly #options: ScannedRowsOptions;
  readonly #ready: Chunk[] = [];
  /** The chunk that the engine has. */
  #taken: Chunk | undefined;
  #sent = 0;
  #filling = false;
  #failed: { readonly error: unknown } | undefined;

  constructor(reader: CellReader, options: ScannedRowsOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  get columns(): RowScan["columns"] {
    return this.#options.columns;
  }

  get rejects(): readonly RejectedRow[] {
    return this.#reader.rejects;
  }

  get repaired(): number {
    return this.#reader.repaired;
  }

  /** The rows that the engine had in hand. */
  fault(): Fault | undefined {
    const rows = this.#taken?.rows;
    return rows && { row: rows[0]!, count: rows.at(-1)! - rows[0]! + 1 };
  }

  /** Whether the batch will not be written as it is, however it goes on. */
  get #isLost(): boolean {
    return this.#reader.varies || this.rejects.length > this.#options.rejectsMax;
  }

  async send(around?: Around): Promise<SentRows> {
    const { session, insert, rejectsMax } = this.#options;
    await sendFirst(session, around?.first, (error) => isOfRows(DUCKDB_FAILURES.kindOf(error)));
    let taken = 0;
    try {
      taken = await scanning(this, (scan) => session.run(insert(scan)));
    } catch (error) {
      if (!this.#isLost) throw this.#failed ? this.#failed.error : error;
      // Read on only to name every row that cannot be encoded.
      while (this.#read(VECTOR_ROWS, []));
    }
    checkRead(this.#reader, rejectsMax);
    if (taken !== this.#sent) throw new CountsDiffer(this.#sent, taken);
    const sent = { rows: this.#sent, keys: undefined };
    const last = around?.last?.(sent);
    if (last) await last.check?.(await session.runAll(last.statements));
    return sent;
  }

  next(data: DuckDBDataChunk): void {
    const { spare } = this.#options;
    if (this.#taken) spare.push(this.#taken);
    this.#taken = this.#ready.shift() ?? this.#fill();
    if (this.#isLost || this.#failed) throw new Error("The batch will not be written");
    data.rowCount = 0;
    if (!this.#taken) return;
    this.#taken.copyTo(data);
    this.#sent += this.#taken.rows.length;
    void this.fillAhead();
  }

  /** Fills chunks while there is nothing else to do. Never throws. */
  async fillAhead(): Promise<void> {
    if (this.#filling) return;
    this.#filling = true;
    while (this.#ready.length < AHEAD_MAX && !this.#isLost) {
      await setImmediate();
      const chunk = this.#fill();
      if (!chunk) break;
      this.#ready.push(chunk);
      this.#options.meanwhile?.();
    }
    this.#filling = false;
  }

  /** The next rows; undefined at the end, or where they cannot be read. */
  #fill(): Chunk | undefined {
    const { columns, spare, ordinal } = this.#options;
    const chunk = spare.pop() ?? new Chunk(columns.map(({ type }) => type));
    chunk.clear();
    try {
      while (chunk.rows.length < VECTOR_ROWS) {
        const rows: number[] = [];
        const cells = this.#read(VECTOR_ROWS - chunk.rows.length, rows);
        if (!cells) break;
        chunk.add(cells, rows, ordinal);
      }
      if (chunk.rows.length > 0) return chunk;
    } catch (error) {
      this.#failed = { error };
    }
    spare.push(chunk);
    return undefined;
  }

  #read(rowsMax: number, rows: number[]): PackedCells | undefined {
    if (this.#reader.readPacked) return this.#reader.readPacked(rowsMax, rows);
    const cells: Cell[] = [];
    const count = this.#reader.read(rowsMax, cells, rows);
    return count === 0 ? undefined : packCells(cells, count);
  }
}
