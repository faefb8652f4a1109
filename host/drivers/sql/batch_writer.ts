/**
 * Writes the batches of one load on one session.
 *
 * - Everything of a batch, its ledger row first, stands in one transaction that either commits or is
 *   rolled back before the call returns.
 * - Where the ledger holds a batch already, it is not written again, and what the ledger says of it is
 *   the answer. So a batch whose COMMIT was not answered can be sent again.
 * - What can be done for a batch before its turn (its hash, its first piece) is done while the one
 *   before it is on its way.
 * - Rows that the codec refuses are left out, as many as may be. Where the database refuses rows, the
 *   batch is rolled back, and sent again in parts that isolate them.
 * - Every count is checked before COMMIT.
 */
import type { KeepRejects, RowCounts, WriteResult } from "../../../src/backend.ts";
import { type Batch, type RejectedRow, rowCount, withRecord } from "../../../src/batch.ts";
import type { Failure } from "../../../src/failure.ts";
import type { SlotNames } from "../../../src/policy/slot.ts";
import type { Codec } from "../../codec/codec.ts";
import type { ContentHash } from "../../codec/content_hash.ts";
import type { BatchOrder, LoadOrder, LoadRecord } from "../driver.ts";
import { type Database, type FailureContext, isOfRows } from "./family.ts";
import type { HostTables } from "./host_tables.ts";
import { insertText } from "./insert_text.ts";
import { isolate } from "./isolate.ts";
import { KeySet } from "./key_set.ts";
import { batchStatement, correctCounts, findBatch } from "./ledger.ts";
import { render, stagingTable } from "./names.ts";
import { insertRejects } from "./reject_table.ts";
import {
  FirstRefused,
  type KeyCount,
  type PreparedRows,
  RowsRejected,
  type RowWriter,
  sendFirst,
  type SentRows,
} from "./row_writer.ts";
import type { SqlSession, Statement } from "./session.ts";
import { inTransaction, recovering } from "./transaction.ts";
import { CountsDiffer, decide, OtherBatch, rejectedRow, writeFailure } from "./write_outcome.ts";

const SAVEPOINT = "_snakepipe_part";

/** What a writer writes, and by what. */
export interface BatchWriterOptions<Session extends SqlSession> {
  readonly database: Database<Session>;
  readonly host: HostTables;
  readonly codec: Codec;
  readonly order: LoadOrder;
  readonly record: LoadRecord;
  readonly names: SlotNames;
}

/** A batch whose turn has not come. */
interface Prepared {
  readonly contentHash: ContentHash;
  readonly rows: PreparedRows;
}

/** One batch, as it is being written. */
interface Writing {
  readonly batch: Batch;
  readonly order: BatchOrder;
  readonly keep: KeepRejects;
  readonly contentHash: string;
  readonly marks: Uint8Array;
}

/** Rows are refused: the batch is to be sent again in parts. */
interface Isolate {
  readonly kind: "isolate";
  readonly failure: Failure;
}

/** See the head of this file. */
export class BatchWriter<Session extends SqlSession> {
  readonly #database: Database<Session>;
  readonly #session: Session;
  readonly #options: BatchWriterOptions<Session>;
  readonly #merge: readonly string[];
  readonly #isOfRows = (error: unknown) => isOfRows(this.#database.family.kindOf(error));
  #rows!: RowWriter;
  #ahead: { readonly batch: Batch; readonly prepared: Prepared } | undefined;

  private constructor(options: BatchWriterOptions<Session>) {
    this.#database = options.database;
    this.#session = options.database.session;
    this.#options = options;
    this.#merge = options.order.plan.merge.map((sql) => render(sql, options.names));
  }

  /** Runs the plan's `stage` and looks at where the rows will go. @throws {LoadError}, the session's */
  static async join<Session extends SqlSession>(
    options: BatchWriterOptions<Session>,
  ): Promise<BatchWriter<Session>> {
    const writer = new BatchWriter(options);
    await recovering(options.database.session, () => writer.#join());
    return writer;
  }

  /**
   * Begins what can be done for a batch before its turn comes. One that steps back instead is
   * forgotten with the next: its bytes may be elsewhere by then.
   */
  prepare(batch: Batch, order: BatchOrder): void {
    this.#ahead = { batch, prepared: this.#prepare(batch, order) };
  }

  /** Writes one batch. What the database objects to is a value. */
  async write(batch: Batch, order: BatchOrder, keep: KeepRejects): Promise<WriteResult> {
    const started = performance.now();
    const ahead = this.#ahead?.batch === batch ? this.#ahead.prepared : undefined;
    if (ahead) this.#ahead = undefined;
    const { contentHash: hash, rows } = ahead ?? this.#prepare(batch, order);
    const writing = { batch, order, keep, contentHash: hash.hex(), marks: hash.marks() };
    let ready: PreparedRows | undefined = rows;
    let result = await this.#attempt(writing, () => {
      const whole = ready ?? this.#prepare(batch, order).rows;
      ready = undefined;
      return this.#writeWhole(writing, whole);
    });
    if (result.kind === "isolate") {
      result = await this.#attempt(writing, () => this.#writeIsolated(writing));
    }
    // Rows are refused, but by no statement that could be repeated with fewer of them.
    if (result.kind === "isolate") return { kind: "fatal", failure: result.failure };
    const milliseconds = performance.now() - started;
    return result.kind === "written" ? { ...result, milliseconds } : result;
  }

  #prepare(batch: Batch, { rejectsMax }: BatchOrder): Prepared {
    const meanwhile = () => void this.#ahead?.prepared.contentHash.advance();
    const rows = this.#rows.prepare(batch, { rejectsMax, meanwhile });
    return { contentHash: this.#options.codec.contentHash(batch), rows };
  }

  async #join(): Promise<void> {
    const { codec, order, record, names } = this.#options;
    const { family } = this.#database;
    const { shape, plan: { write, finish }, nul } = order;
    await this.#stage();
    const insert = write.kind === "insert" ? [insertText(family.words, write, names).text(1)] : [];
    const rendered = finish.map((sql) => render(sql, names));
    const changed = await this.#session.fit?.([...insert, ...this.#merge, ...rendered]);
    if (changed) await this.#stage();
    const options = { codec, shape, write, names, loadId: record.id, nul };
    this.#rows = await family.rowWriter(this.#session, options);
  }

  /** Makes staging; the session may have served another load before. */
  async #stage(): Promise<void> {
    const { order: { plan: { stage } }, names } = this.#options;
    if (stage.length === 0) return;
    await this.#session.run(`DROP TABLE IF EXISTS ${stagingTable(this.#database.family.words)}`);
    for (const sql of stage) await this.#session.run(render(sql, names));
  }

  /** What is left in staging must not be merged once more. */
  async #emptyStaging(): Promise<void> {
    if (this.#options.order.plan.stage.length === 0) return;
    await this.#session.run(`DELETE FROM ${stagingTable(this.#database.family.words)}`);
  }

  /** One transaction. Whatever comes back, it is over. */
  async #attempt(
    writing: Writing,
    work: () => Promise<WriteResult>,
  ): Promise<WriteResult | Isolate> {
    try {
      return await inTransaction(this.#session, work, {
        keeps: ({ kind }) => kind === "written",
        rejoin: () => this.#join(),
      });
    } catch (error) {
      return await this.#outcome(writing, error);
    }
  }

  /** The batch in one go. */
  async #writeWhole(writing: Writing, rows: PreparedRows): Promise<WriteResult> {
    if (!this.#database.family.words.commitEmptiesStaging) await this.#emptyStaging();
    const sent = await rows.send(this.#ledgerRow(writing));
    const committed = await this.#mergeRows(sent);
    return await this.#written(writing, { sent: sent.rows, committed, rows });
  }

  /** The batch in parts, without the rows that the database refuses. */
  async #writeIsolated(writing: Writing): Promise<WriteResult> {
    const { batch, order: { rejectsMax } } = writing;
    const { order: { shape } } = this.#options;
    const { family } = this.#database;
    const session = this.#session;
    await sendFirst(session, this.#ledgerRow(writing), this.#isOfRows);
    for (const sql of family.beforeIsolating) await session.run(sql);
    const keys = shape.mode === "upsert" ? await this.#countKeys() : undefined;
    let sent = 0;
    let merged = 0;
    let repaired = 0;
    const rejects = await isolate(batch, {
      rejectsMax,
      prepare: (part) => this.#rows.prepare(part, { rejectsMax: Infinity }),
      begin: async () => void await session.run(`SAVEPOINT ${SAVEPOINT}`),
      send: async (part) => {
        await this.#emptyStaging();
        const taken = await part.send();
        merged += await this.#mergeRows(taken);
        await keys?.add(taken);
        sent += taken.rows;
        repaired += part.repaired;
      },
      keep: async () => void await session.run(`RELEASE SAVEPOINT ${SAVEPOINT}`),
      undo: async () => {
        await session.run(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`);
        await session.run(`RELEASE SAVEPOINT ${SAVEPOINT}`);
      },
      isOfRows: this.#isOfRows,
      rejected: (row, error, column) => rejectedRow(family, batch, { row, error, column, shape }),
    });
    await this.#nameColumns(rejects);
    if (rejects.length > rejectsMax) return { kind: "reject", rows: rejects };
    const committed = keys ? await keys.count() : merged;
    return await this.#written(writing, { sent, committed, rows: { rejects, repaired } });
  }

  /** The keys of an upsert in parts: a later part may replace what an earlier one has merged. */
  async #countKeys(): Promise<KeyCount> {
    if (this.#rows.countKeys) return await this.#rows.countKeys();
    const all = new KeySet(this.#options.order.shape.columns);
    return {
      add: ({ keys }) => Promise.resolve(keys && all.addAll(keys)),
      count: () => Promise.resolve(all.size),
    };
  }

  /** What a batch comes to, all but its COMMIT. */
  async #written(
    { batch, keep, contentHash }: Writing,
    { sent, committed, rows }: {
      readonly sent: number;
      readonly committed: number;
      readonly rows: Pick<PreparedRows, "rejects" | "repaired">;
    },
  ): Promise<WriteResult> {
    const { order, record, host } = this.#options;
    const rejects = rows.rejects.map((row) => withRecord(batch, row));
    const counts: RowCounts = {
      read: rowCount(batch),
      committed,
      superseded: sent - committed,
      rejected: rejects.length,
    };
    if (sent !== counts.read - counts.rejected) {
      throw new CountsDiffer(counts.read - counts.rejected, sent);
    }
    if (committed !== counts.read) await correctCounts(host, batch, { record, counts });
    const { repaired } = rows;
    const written = {
      kind: "written",
      counts,
      contentHash,
      milliseconds: 0,
      rejects,
      ...(repaired > 0 ? { repaired } : {}),
    } as const;
    if (rejects.length === 0) return written;
    if (order.rejectTable) await insertRejects(host, batch, { record, rows: rejects });
    await keep(batch.sequence, rejects);
    return written;
  }

  /** The columns of a constraint, which the database names alone. */
  async #nameColumns(rows: RejectedRow[]): Promise<void> {
    const { order: { shape: { table } }, host: { place } } = this.#options;
    const { session, family } = this.#database;
    const columns = new Map<string, string>();
    for (const [i, row] of rows.entries()) {
      const { constraint } = row;
      if (constraint === undefined || row.column !== undefined) continue;
      if (!columns.has(constraint)) {
        const names = await family.constraintColumns(session, { place, table, constraint });
        columns.set(constraint, names.join(", "));
      }
      const column = columns.get(constraint)!;
      if (column !== "") rows[i] = { ...row, column };
    }
  }

  #ledgerRow({ batch, contentHash, marks }: Writing): Statement {
    const { host, order, record } = this.#options;
    return batchStatement(host, batch, { order, record, contentHash, marks });
  }

  /** Moves the rows on from staging; returns how many of them have arrived. */
  async #mergeRows({ rows, keys }: SentRows): Promise<number> {
    let merged = keys?.size ?? rows;
    const least = this.#options.order.shape.mode === "upsert" ? keys?.size ?? 0 : rows;
    for (const sql of this.#merge) {
      const taken = await this.#session.run(sql);
      if (!isInsert(sql)) continue;
      if (taken < least || taken > rows) throw new CountsDiffer(rows, taken);
      merged = keys?.size ?? taken;
    }
    return merged;
  }

  /** What an error means for the batch; its transaction is over. */
  async #outcome(writing: Writing, error: unknown): Promise<WriteResult | Isolate> {
    if (error instanceof RowsRejected) return { kind: "reject", rows: error.rows };
    if (error instanceof FirstRefused) return await this.#alreadyIn(writing, error);
    const failure = await this.#failureOf(writing, error);
    if (!isOfRows(failure.kind)) return this.#decide(failure);
    // A session that could not roll back is of no use for a further attempt.
    return this.#session.usable
      ? this.#refused(failure, writing.order)
      : { kind: "retry", failure, afterMs: 0 };
  }

  /** Rows are refused: for good, unless a batch that is still on its way may hold what they miss. */
  #refused(failure: Failure, { alone }: BatchOrder): WriteResult | Isolate {
    const mayCome = failure.kind === "integrity" && this.#options.order.concurrent && !alone;
    return mayCome
      ? { kind: "retry", failure, afterMs: 0, alone: true }
      : { kind: "isolate", failure };
  }

  /** What the ledger says of a batch whose row it has refused: it has this one, another, or none. */
  async #alreadyIn(writing: Writing, { cause }: FirstRefused): Promise<WriteResult> {
    const { batch, contentHash } = writing;
    const { host, record } = this.#options;
    try {
      const found = await findBatch(host, record, batch.sequence);
      if (!found) throw cause;
      const same = found.contentHash === contentHash && found.byteOffset === batch.byteOffset;
      if (!same) throw new OtherBatch(batch);
      const { counts } = found;
      return { kind: "written", counts, contentHash, milliseconds: 0, alreadyIn: true };
    } catch (error) {
      return this.#decide(await this.#failureOf(writing, error));
    }
  }

  #decide(failure: Failure): WriteResult {
    return decide(failure, this.#database.family.asksForLess);
  }

  async #failureOf({ batch }: Writing, error: unknown): Promise<Failure> {
    const { order: { shape: { table, columns } } } = this.#options;
    const context: FailureContext = {
      endpoint: this.#database.endpoint,
      what: `Writing batch ${batch.sequence} into ${table.name}`,
      table,
      columns: columns.map(({ name }) => name),
    };
    return await writeFailure(this.#database, error, context);
  }
}

/** Whether a statement inserts rows, so that what it changes is to be held against what was sent. */
export function isInsert(sql: string): boolean {
  return /^\s*insert\b/i.test(sql);
}
