/**
 * Writes batches of one load: ledger row, rows and merge of each in one transaction.
 *
 * - What can be done for a batch before its turn (its hash, its first piece) is done while pieces of
 *   the one before it are on their way: the server does not wait for either.
 * - The ledger row goes first: where the batch is in already, it fails before a row is sent, and what
 *   the ledger says of the batch is the answer. So a batch whose COMMIT was not answered can be sent
 *   again: the ledger is asked by it.
 * - Rows that the codec refuses are left out, as many as may be. Where the database refuses rows, the
 *   batch is rolled back, and sent again in parts that isolate them.
 * - Every count is checked before COMMIT, and COMMIT must be answered by COMMIT.
 */
import type { KeepRejects, RowCounts, WriteResult } from "../../../src/backend.ts";
import { type Batch, type RejectedRow, rowCount, withRecord } from "../../../src/batch.ts";
import type { Failure } from "../../../src/failure.ts";
import type { Codec } from "../../codec/codec.ts";
import type { ContentHash } from "../../codec/content_hash.ts";
import type { BatchOrder, LoadOrder, LoadRecord } from "../driver.ts";
import { isolate } from "../isolate.ts";
import type { HostTables } from "../sql/host_tables.ts";
import { batchStatement, correctCounts, findBatch } from "../sql/ledger.ts";
import { insertRejects } from "../sql/reject_table.ts";
import { constraintColumns } from "./catalog.ts";
import { asideName, qualified, quoteName, render, slotNames, STAGING_NAME } from "./dialect.ts";
import {
  classify,
  classifyCommit,
  type FailureContext,
  isDatabaseError,
  serverErrorOf,
} from "./failures.ts";
import { type PreparedRows, RowsRejected, RowWriter } from "./row_writer.ts";
import { type Session, SessionError } from "./session.ts";
import { BEGIN, commit, CommitError, rollback } from "./transaction.ts";
import type { CopyForm } from "./wire_type.ts";
import { decide, isOfRows, ofRows, rejectedRow } from "./write_outcome.ts";

const SAVEPOINT = "_snakepipe_part";

/** The keys that the parts of an upserted batch have merged so far. */
const MERGED_KEYS = qualified("pg_temp", "_snakepipe_merged");

/** What a writer is made of. */
export interface BatchWriterOptions {
  readonly codec: Codec;
  readonly host: HostTables;
  readonly order: LoadOrder;
  readonly record: LoadRecord;
  /** The schema of the target and of the host's own tables. */
  readonly schema: string;
  readonly endpoint: string;
  /** How the rows of a COPY are written down. */
  readonly form: CopyForm;
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
export class BatchWriter {
  readonly #session: Session;
  readonly #options: BatchWriterOptions;
  readonly #rows: RowWriter;
  readonly #merge: readonly string[];
  #ahead: { readonly batch: Batch; readonly prepared: Prepared } | undefined;

  /** @throws {LoadError} `plan_refused` where a slot stands where it has no meaning */
  constructor(session: Session, options: BatchWriterOptions) {
    const { codec, order: { shape, plan, nul }, record, schema, form } = options;
    const names = slotNames(shape, { schema, loadId: record.id });
    const aside = asideName(shape.table.name, record.id);
    this.#session = session;
    this.#options = options;
    this.#merge = render(plan.merge, names);
    const { write } = plan;
    this.#rows = new RowWriter(session, { codec, shape, write, names, aside, form, nul });
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
    const { contentHash, rows } = ahead ?? this.#prepare(batch, order);
    const writing = {
      batch,
      order,
      keep,
      contentHash: contentHash.hex(),
      marks: contentHash.marks(),
    };
    let result = await this.#attempt(writing, () => this.#writeWhole(writing, rows));
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

  /** One transaction. Whatever comes back, it is over. */
  async #attempt(
    writing: Writing,
    work: () => Promise<WriteResult>,
  ): Promise<WriteResult | Isolate> {
    const session = this.#session;
    try {
      // Waited for: were it to fail, what follows would be committed each on its own.
      await session.query(BEGIN);
      const result = await work();
      if (result.kind === "written") await commit(session);
      else await rollback(session);
      return result;
    } catch (error) {
      return await this.#outcome(writing, error);
    }
  }

  /** The batch in one go. */
  async #writeWhole(writing: Writing, rows: PreparedRows): Promise<WriteResult> {
    const { batch } = writing;
    const read = rowCount(batch);
    const sent = await rows.send(this.#enterLedger(writing));
    const rejects = rows.rejects;
    if (sent !== read - rejects.length) throw new SessionError("COUNTS_DIFFER");
    const committed = await this.#mergeRows(sent);
    const counts = {
      read,
      committed,
      superseded: sent - committed,
      rejected: rejects.length,
    };
    return await this.#written(writing, counts, rows);
  }

  /** The batch in parts, without the rows that the database refuses. */
  async #writeIsolated(writing: Writing): Promise<WriteResult> {
    const { batch, order: { rejectsMax } } = writing;
    const session = this.#session;
    await this.#enterLedger(writing);
    // A constraint that is deferred would fail the whole batch at COMMIT.
    await session.query("SET CONSTRAINTS ALL IMMEDIATE");
    const keys = await this.#mergedKeys();
    let accepted = 0;
    let merged = 0;
    let repaired = 0;
    const rejects = await isolate(batch, {
      rejectsMax,
      prepare: (part) => this.#rows.prepare(part, { rejectsMax: Infinity }),
      begin: async () => void await session.query(`SAVEPOINT ${SAVEPOINT}`),
      send: async (part) => {
        const sent = await part.send(Promise.resolve());
        merged += await this.#mergeRows(sent);
        await keys?.add();
        await this.#emptyStaging();
        accepted += sent;
        repaired += part.repaired;
      },
      keep: async () => void await session.query(`RELEASE SAVEPOINT ${SAVEPOINT}`),
      undo: async () => {
        await session.query(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`);
        await session.query(`RELEASE SAVEPOINT ${SAVEPOINT}`);
      },
      isOfRows,
      rejected: (row, error, column) => rejectedRow(batch, { row, error, column }),
    });
    await this.#nameColumns(rejects);
    if (rejects.length > rejectsMax) return { kind: "reject", rows: rejects };
    const read = rowCount(batch);
    if (read !== accepted + rejects.length) throw new SessionError("COUNTS_DIFFER");
    const committed = keys ? await keys.count() : merged;
    const superseded = accepted - committed;
    const counts = { read, committed, superseded, rejected: rejects.length };
    return await this.#written(writing, counts, { rejects, repaired });
  }

  /** What a batch comes to, all but its COMMIT. */
  async #written(
    { batch, keep, contentHash }: Writing,
    counts: RowCounts,
    rows: { readonly rejects: readonly RejectedRow[]; readonly repaired: number },
  ): Promise<WriteResult> {
    const { order, record, host } = this.#options;
    if (counts.committed !== counts.read) {
      await correctCounts(host, batch, { record, counts });
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
      await insertRejects(host, batch, { record, rows: rejects });
    }
    await keep(batch.sequence, rejects);
    return written;
  }

  /** The columns of a constraint, which the database names alone. */
  async #nameColumns(rows: RejectedRow[]): Promise<void> {
    const { schema, order: { shape: { table: { name: table } } } } = this.#options;
    const columns = new Map<string, string | undefined>();
    for (const [i, row] of rows.entries()) {
      const { constraint } = row;
      if (constraint === undefined || row.column !== undefined) continue;
      if (!columns.has(constraint)) {
        const names = await constraintColumns(this.#session, { schema, table, constraint });
        columns.set(constraint, names.length > 0 ? names.join(", ") : undefined);
      }
      const column = columns.get(constraint);
      if (column !== undefined) rows[i] = { ...row, column };
    }
  }

  /** Where a later part may replace what an earlier one has merged: which keys were merged. */
  async #mergedKeys(): Promise<
    { readonly add: () => Promise<void>; readonly count: () => Promise<number> } | undefined
  > {
    const session = this.#session;
    const { shape, plan } = this.#options.order;
    if (shape.mode !== "upsert" || plan.stage.length === 0) return undefined;
    const keys = shape.columns.filter(({ key }) => key).map(({ name }) => quoteName(name));
    const staged = `SELECT ${keys.join(", ")} FROM ${qualified("pg_temp", STAGING_NAME)}`;
    await session.query(
      `CREATE TEMP TABLE ${MERGED_KEYS} ON COMMIT DROP AS ${staged} WITH NO DATA`,
    );
    return {
      add: async () => void await session.query(`INSERT INTO ${MERGED_KEYS} ${staged}`),
      count: async () => {
        const { rows: [row] } = await session.query(
          `SELECT count(*) FROM (SELECT DISTINCT * FROM ${MERGED_KEYS}) AS keys`,
        );
        return Number(row![0]);
      },
    };
  }

  /** What a part has left in staging must not be merged once more with the next. */
  async #emptyStaging(): Promise<void> {
    if (this.#options.order.plan.stage.length === 0) return;
    await this.#session.query(`DELETE FROM ${qualified("pg_temp", STAGING_NAME)}`);
  }

  async #enterLedger({ batch, contentHash, marks }: Writing): Promise<void> {
    const { order, record, host } = this.#options;
    try {
      await host.session.runAll([
        batchStatement(host, batch, { order, record, contentHash, marks }),
      ]);
    } catch (error) {
      const { code, table_name } = serverErrorOf(error);
      throw code === "23505" && table_name === "_snakepipe_batch" ? new InLedger() : error;
    }
  }

  /** Moves the rows on from staging; returns how many of them have arrived. */
  async #mergeRows(sent: number): Promise<number> {
    let merged = sent;
    for (const text of this.#merge) merged = (await this.#session.query(text)).count;
    const mayBeFewer = this.#options.order.shape.mode === "upsert";
    if (merged > sent || (merged < sent && !mayBeFewer)) throw new SessionError("COUNTS_DIFFER");
    return merged;
  }

  /** What an error means for the batch. The transaction is rolled back before this returns. */
  async #outcome(writing: Writing, error: unknown): Promise<WriteResult | Isolate> {
    const { batch, order } = writing;
    const context: FailureContext = {
      endpoint: this.#options.endpoint,
      what: `Writing batch ${batch.sequence} into ${this.#options.order.shape.table.name}`,
    };
    if (error instanceof CommitError) {
      const failure = classifyCommit(error.cause, context);
      return ofRows(failure) ? this.#refused(failure, order) : decide(failure);
    }
    await rollback(this.#session);
    if (error instanceof InLedger) return await this.#alreadyIn(writing, context);
    if (error instanceof RowsRejected) return { kind: "reject", rows: error.rows };
    if (!isDatabaseError(error)) throw error;
    const failure = classify(error, context);
    return ofRows(failure) ? this.#refused(failure, order) : decide(failure);
  }

  /** Rows are refused: for good, unless a batch that is still on its way may hold what they miss. */
  #refused(failure: Failure, { alone }: BatchOrder): WriteResult | Isolate {
    const mayCome = failure.kind === "integrity" && this.#options.order.concurrent && !alone;
    return mayCome
      ? { kind: "retry", failure, afterMs: 0, alone: true }
      : { kind: "isolate", failure };
  }

  /** The ledger has a batch of this number: this one, or another. */
  async #alreadyIn(
    { batch, contentHash }: Writing,
    context: FailureContext,
  ): Promise<WriteResult> {
    const { record, host } = this.#options;
    const { sequence, byteOffset } = batch;
    try {
      const found = await findBatch(host, record, sequence);
      if (found?.contentHash === contentHash && found.byteOffset === byteOffset) {
        const { counts } = found;
        return { kind: "written", counts, contentHash, milliseconds: 0, alreadyIn: true };
      }
    } catch (error) {
      if (!isDatabaseError(error)) throw error;
      return decide(classify(error, context));
    }
    return {
      kind: "fatal",
      failure: {
        kind: "unknown",
        code: "OTHER_BATCH",
        message: `${context.what} failed on ${context.endpoint}: the ledger has another batch of ` +
          "this number. Does somebody else load this source, or has it changed?",
      },
    };
  }
}

/** The ledger has a batch of this number. */
class InLedger extends Error {}
