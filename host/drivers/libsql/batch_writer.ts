/**
 * Writes the batches of one load on one session.
 *
 * Invariants
 * - Everything of a batch, its ledger row first, stands in one transaction that either commits or
 *   is rolled back before the call returns.
 * - Where the ledger holds a batch already, it is not written again, and what the ledger says of it is
 *   the answer. So a batch whose COMMIT was not answered can be sent again.
 * - Rows that the codec refuses are left out, as many as may be. Where the database refuses rows, the
 *   batch is rolled back, and sent again in parts that isolate them.
 */
import type { KeepRejects, RowCounts, WriteResult } from "../../../src/backend.ts";
import { type Batch, type RejectedRow, rowCount, withRecord } from "../../../src/batch.ts";
import type { SlotNames } from "../../../src/policy/slot.ts";
import type { CellReader, Codec } from "../../codec/codec.ts";
import type { BatchOrder, LoadOrder, LoadRecord } from "../driver.ts";
import { isolate } from "../isolate.ts";
import { numberColumns } from "./affinity.ts";
import { type InsertText, render, STAGING } from "./dialect.ts";
import type { FailureContext } from "./failures.ts";
import { KeySet } from "./key_set.ts";
import type { HostTables } from "../sql/host_tables.ts";
import { batchStatement, correctCounts, findBatch } from "../sql/ledger.ts";
import { insertRejects } from "../sql/reject_table.ts";
import type { Statement } from "../sql/session.ts";
import { nameMissing } from "./missing.ts";
import { FirstRefused, RowsRefused, RowsRejected, sendRows } from "./row_writer.ts";
import type { Session } from "./session.ts";
import { fitEngine, onFittingEngine } from "./transaction.ts";
import {
  CountsDiffer,
  failedWrite,
  FOREIGN_KEY,
  isOfRows,
  OtherBatch,
  rejectedRow,
} from "./write_outcome.ts";

const SAVEPOINT = `"_snakepipe_part"`;

/** What a writer writes, and by what. */
export interface BatchWriterOptions {
  readonly codec: Codec;
  readonly host: HostTables;
  readonly order: LoadOrder;
  readonly record: LoadRecord;
  readonly names: SlotNames;
  readonly insert: InsertText;
  readonly about: FailureContext;
}

/** One batch, as it is being written. */
interface Writing {
  readonly batch: Batch;
  readonly order: BatchOrder;
  readonly keep: KeepRejects;
  readonly contentHash: string;
  readonly marks: Uint8Array;
}

/** See the head of this file. */
export class BatchWriter {
  readonly #session: Session;
  readonly #options: BatchWriterOptions;
  readonly #merge: readonly string[];
  #numbers: readonly boolean[] | undefined;

  private constructor(session: Session, options: BatchWriterOptions) {
    this.#session = session;
    this.#options = options;
    this.#merge = options.order.plan.merge.map((sql) => render(sql, options.names));
  }

  /** Runs the plan's `stage` and looks at where the rows will go. @throws {SessionError} */
  static async join(session: Session, options: BatchWriterOptions): Promise<BatchWriter> {
    const writer = new BatchWriter(session, options);
    await onFittingEngine(session, () => writer.#join());
    return writer;
  }

  /** Writes one batch in one transaction. */
  async write(batch: Batch, order: BatchOrder, keep: KeepRejects): Promise<WriteResult> {
    const started = performance.now();
    const hash = this.#options.codec.contentHash(batch);
    const writing = { batch, order, keep, contentHash: hash.hex(), marks: hash.marks() };
    let result = await this.#attempt(() => this.#writeWhole(writing));
    if (result === "isolate") result = await this.#attempt(() => this.#writeIsolated(writing));
    // Rows are refused, but by no statement that could be repeated with fewer of them.
    if (result === "isolate") return this.#failed(this.#refusal, false);
    const milliseconds = performance.now() - started;
    return result.kind === "written" ? { ...result, milliseconds } : result;
  }

  /** What refused rows last. */
  #refusal: unknown;

  /** One transaction. Whatever comes back, it is over. */
  async #attempt(work: () => Promise<WriteResult>): Promise<WriteResult | "isolate"> {
    let committing = false;
    const attempt = async (): Promise<WriteResult> => {
      await this.#session.begin();
      const result = await work();
      if (result.kind !== "written" || result.alreadyIn) {
        await this.#session.rollback();
        return result;
      }
      committing = true;
      await this.#session.commit();
      return result;
    };
    try {
      return await onFittingEngine(this.#session, attempt, () => this.#join());
    } catch (error) {
      await this.#session.rollback();
      if (error instanceof RowsRejected) return { kind: "reject", rows: error.rows };
      this.#refusal = error instanceof RowsRefused ? error.cause : error;
      // A session that could not roll back is of no use for a further attempt.
      if (isOfRows(this.#refusal) && this.#session.usable) return "isolate";
      return this.#failed(
        await nameMissing(this.#session, this.#refusal, this.#options.about),
        committing,
      );
    }
  }

  #failed(error: unknown, committing: boolean): WriteResult {
    return failedWrite(error, { ...this.#options.about, committing });
  }

  async #join(): Promise<void> {
    const { order, names, insert, record } = this.#options;
    const { plan, shape } = order;
    await this.#stage();
    const finish = plan.finish.map((sql) => render(sql, names));
    const changed = await fitEngine(this.#session, [insert.text(1), ...this.#merge, ...finish]);
    if (changed) await this.#stage();
    this.#numbers = this.#session.prefersNumbers
      ? await numberColumns(this.#session, { shape, loadId: record.id }, plan.write)
      : undefined;
  }

  async #stage(): Promise<void> {
    const { order: { plan }, names } = this.#options;
    if (plan.stage.length === 0) return;
    await this.#session.run(`DROP TABLE IF EXISTS temp.${STAGING}`);
    for (const sql of plan.stage) await this.#session.run(render(sql, names));
  }

  async #emptyStaging(): Promise<void> {
    if (this.#options.order.plan.stage.length === 0) return;
    await this.#session.run(`DELETE FROM temp.${STAGING}`);
  }

  /** The batch in one go. */
  async #writeWhole(writing: Writing): Promise<WriteResult> {
    const { batch, order: { rejectsMax } } = writing;
    const { order: { shape }, insert } = this.#options;
    await this.#emptyStaging();
    const reader = this.#reader(batch);
    let sent;
    try {
      const first = this.#claim(writing);
      sent = await sendRows(this.#session, batch, { insert, shape, first, reader, rejectsMax });
    } catch (error) {
      // That the batch is in already decides over everything else.
      const notIn = (error instanceof RowsRejected && error.begun) || error instanceof RowsRefused;
      const before = notIn ? undefined : await this.#alreadyIn(writing, error);
      if (before) return before;
      throw error instanceof FirstRefused ? error.cause : error;
    }
    const distinct = sent.keys?.size ?? sent.rows;
    await this.#mergeRows(sent.rows, distinct);
    const counts: RowCounts = {
      read: rowCount(batch),
      committed: distinct,
      superseded: sent.rows - distinct,
      rejected: reader.rejects.length,
    };
    return await this.#written(writing, counts, reader);
  }

  /** The batch in parts, without the rows that the database refuses. */
  async #writeIsolated(writing: Writing): Promise<WriteResult> {
    const { batch, order: { rejectsMax } } = writing;
    const { order: { shape }, insert } = this.#options;
    const session = this.#session;
    await session.runAll([this.#claim(writing)]);
    const keys = shape.mode === "upsert" ? new KeySet(shape.columns) : undefined;
    let committed = 0;
    let repaired = 0;
    const rejects = await isolate(batch, {
      rejectsMax,
      prepare: (part) => {
        const reader = this.#reader(part);
        return {
          part,
          reader,
          get rejects() {
            return reader.rejects;
          },
          fault: (error: unknown) => error instanceof RowsRefused ? error.fault : undefined,
        };
      },
      begin: async () => void await session.run(`SAVEPOINT ${SAVEPOINT}`),
      send: async ({ part, reader }) => {
        await this.#emptyStaging();
        const plan = { insert, shape, reader, rejectsMax: Infinity };
        const sent = await sendRows(session, part, plan);
        const distinct = sent.keys?.size ?? sent.rows;
        await this.#mergeRows(sent.rows, distinct);
        if (keys && sent.keys) keys.addAll(sent.keys);
        committed += sent.rows;
        repaired += reader.repaired;
      },
      keep: async () => void await session.run(`RELEASE ${SAVEPOINT}`),
      undo: async () => {
        await session.run(`ROLLBACK TO ${SAVEPOINT}`);
        await session.run(`RELEASE ${SAVEPOINT}`);
      },
      isOfRows: (error) => error instanceof RowsRefused || isOfRows(error),
      rejected: (row, error, column) => rejectedRow(batch, { row, error, column, shape }),
    });
    await this.#nameColumns(rejects);
    if (rejects.length > rejectsMax) return { kind: "reject", rows: rejects };
    const distinct = keys?.size ?? committed;
    const counts = {
      read: rowCount(batch),
      committed: distinct,
      superseded: committed - distinct,
      rejected: rejects.length,
    };
    if (counts.read !== committed + rejects.length) {
      throw new CountsDiffer(counts.read - rejects.length, committed);
    }
    return await this.#written(writing, counts, { rejects, repaired });
  }

  /** SQLite does not say which foreign key it means: where a table has one, it is that. */
  async #nameColumns(rows: RejectedRow[]): Promise<void> {
    if (!rows.some(({ constraint }) => constraint === FOREIGN_KEY)) return;
    const { name } = this.#options.order.shape.table;
    const keys = await this.#session.all(
      `SELECT "id", "from" FROM pragma_foreign_key_list(?) ORDER BY "id", "seq"`,
      [name],
    );
    if (new Set(keys.map(([id]) => id)).size !== 1) return;
    const column = keys.map(([, from]) => String(from)).join(", ");
    for (const [i, row] of rows.entries()) {
      if (row.constraint === FOREIGN_KEY) rows[i] = { ...row, column };
    }
  }

  /** What a batch comes to, all but its COMMIT. */
  async #written(
    { batch, keep, contentHash }: Writing,
    counts: RowCounts,
    rows: { readonly rejects: readonly RejectedRow[]; readonly repaired: number },
  ): Promise<WriteResult> {
    const { order, record } = this.#options;
    if (counts.committed !== counts.read) {
      await correctCounts(this.#options.host, batch, { record, counts });
    }
    const { repaired } = rows;
    const rejects = rows.rejects.map((row) => withRecord(batch, row));
    const written = {
      kind: "written",
      counts,
      contentHash,
      milliseconds: 0,
      rejects,
      ...(repaired > 0 ? { repaired } : {}),
    } as const;
    if (rejects.length === 0) return written;
    if (order.rejectTable) {
      await insertRejects(this.#options.host, batch, { record, rows: rejects });
    }
    await keep(batch.sequence, rejects);
    return written;
  }

  #claim({ batch, contentHash, marks }: Writing): Statement {
    const { order, record } = this.#options;
    return batchStatement(this.#options.host, batch, { order, record, contentHash, marks });
  }

  #reader(batch: Batch): CellReader {
    const { codec, order } = this.#options;
    const numbers = this.#numbers;
    // SQLite stores any text and takes NaN for NULL.
    const rules = { nul: order.nul ?? "keep", nan: false } as const;
    return codec.cells(batch, { ...rules, ...(numbers ? { numbers } : {}) });
  }

  /** What the ledger says of a batch that it has; undefined where it has none of this number. */
  async #alreadyIn(
    { batch, contentHash }: Writing,
    error: unknown,
  ): Promise<WriteResult | undefined> {
    if (!(error instanceof FirstRefused || error instanceof RowsRejected)) return undefined;
    const found = await findBatch(this.#options.host, this.#options.record, batch.sequence);
    if (!found) return undefined;
    if (found.contentHash !== contentHash || found.byteOffset !== batch.byteOffset) {
      throw new OtherBatch(batch);
    }
    return {
      kind: "written",
      counts: found.counts,
      contentHash,
      milliseconds: 0,
      alreadyIn: true,
    };
  }

  async #mergeRows(rows: number, distinct: number): Promise<void> {
    for (const sql of this.#merge) {
      const taken = await this.#session.run(sql);
      if (isInsert(sql) && (taken < distinct || taken > rows)) {
        throw new CountsDiffer(distinct, taken);
      }
    }
  }
}

/** Whether a statement inserts rows, so that what it changes is to be held against what was sent. */
export function isInsert(sql: string): boolean {
  return /^\s*insert\b/i.test(sql);
}
