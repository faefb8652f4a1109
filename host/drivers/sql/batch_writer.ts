/**
 * Writes the batches of one load on one session.
 *
 * - Everything of a batch, its ledger row first, stands in one transaction that either commits or is
 *   rolled back before the call returns.
 * - Where the ledger holds a batch already, it is not written again, and what the ledger says of it is
 *   the answer. So a batch whose COMMIT was not answered can be sent again.
 * - Where rows can be streamed, a batch is hashed, encoded and sent in one pass. Where that does not come
 *   to its end, nothing of it is in, and it is encoded by itself.
 * - What can be done before its turn for a batch that is encoded by itself (its hash, its first piece) is
 *   done while the one before it is on its way.
 * - Rows that the codec refuses are left out, as many as may be. Where the database refuses rows, the
 *   batch is rolled back, and sent again in parts that isolate them.
 * - Every count is checked before COMMIT, and so is that the table is the one which the load has filled,
 *   and that no other batch has bytes of this one.
 */
import { defined } from "../../../src/model/defined.ts";
import { log, millisecondsSince } from "../../../src/model/log.ts";
import type { KeepRejects, RowCounts, WriteResult } from "../../../src/model/backend.ts";
import {
  type Batch,
  type BatchRange,
  byteEndOf,
  type RejectedRow,
  rowCount,
  withRecord,
} from "../../../src/model/batch.ts";
import type { Failure } from "../../../src/model/failure.ts";
import type { EncodedImage, ImageOptions } from "../../codec/codec.ts";
import type { ContentHash } from "../../codec/content_hash.ts";
import type { BatchOrder, OpenRange, RangeResult } from "../driver.ts";
import { type FailureContext, isOfRows } from "./family.ts";
import type { HostTables } from "./host_tables.ts";
import { BatchClosing, TableUnsure } from "./batch_closing.ts";
import { type ArrivedRows, writeInParts } from "./isolated_parts.ts";
import { batchStatement, findBatch } from "./ledger.ts";
import type { JoinedLoad } from "./joined_load.ts";
import { OnePass } from "./one_pass.ts";
import type { PreparedPart } from "./prepared_part.ts";
import { insertRejects } from "./reject_table.ts";
import { replacedMeanwhile } from "./replaced_meanwhile.ts";
import {
  type Exchange,
  FirstRefused,
  RowsRejected,
  RowsVary,
  sendFirst,
  type SentRows,
} from "./row_writer.ts";
import type { SqlSession } from "./session.ts";
import { ShapeWriters } from "./shape_writers.ts";
import type { TableState } from "./table_watch.ts";
import { inTransaction, recovering } from "./transaction.ts";
import { CountsDiffer, decide, OtherBatch, writeFailure } from "./write_outcome.ts";

/** One batch, as it is being written. */
interface Writing {
  readonly batch: Batch;
  readonly order: BatchOrder;
  readonly keep: KeepRejects;
  readonly contentHash: ContentHash;
  /** Whether rows were handed to `keep`, by this attempt or by one before it. */
  kept: boolean;
  /** What was encoded before its turn took so many milliseconds. */
  readonly encodeMs: number;
  /** What its COMMIT has taken, in milliseconds. */
  commitMs?: number;
}

/** What a batch comes to, as its ledger row is to have it. */
interface Account {
  readonly counts: RowCounts;
  readonly rejects: readonly RejectedRow[];
  readonly repaired: number;
  readonly closing: Exchange;
}

/** Rows are refused: the batch is to be sent again in parts. */
interface Isolate {
  readonly kind: "isolate";
  readonly failure: Failure;
}

/** Writes the batches of one load on one session. */
export class BatchWriter {
  readonly #load: JoinedLoad;
  readonly #host: HostTables;
  readonly #session: SqlSession;
  readonly #isOfRows = (error: unknown) => isOfRows(this.#host.family.kindOf(error));
  readonly #shapes: ShapeWriters;
  readonly #closing: BatchClosing;
  /** The hash of the batch that was prepared last; it advances while the batch before is written. */
  #hash: ContentHash | undefined;
  readonly #onePass: OnePass;

  private constructor(load: JoinedLoad) {
    this.#load = load;
    this.#host = load.host;
    this.#session = load.host.session;
    this.#shapes = new ShapeWriters(load);
    this.#closing = new BatchClosing(load);
    this.#onePass = new OnePass({ load, closing: this.#closing, shapes: this.#shapes });
  }

  /** Runs the plan's `stage` and looks at where the rows will go. @throws {LoadError}, the session's */
  static async join(load: JoinedLoad): Promise<BatchWriter> {
    const writer = new BatchWriter(load);
    await recovering(writer.#session, () => writer.#shapes.join());
    return writer;
  }

  /** The target as it was after the last batch. */
  get known(): TableState | undefined {
    return this.#closing.known;
  }

  /**
   * Begins what can be done for a batch before its turn. What is returned writes it, once; what the
   * database objects to is a value.
   */
  prepare(batch: Batch, order: BatchOrder): (keep: KeepRejects) => Promise<WriteResult> {
    if (!this.#onePass.takes(batch, order)) return this.#prepareEncoded(batch, order);
    return async (keep) => {
      const result = await this.#onePass.write(batch);
      if (result.kind !== "unwritten") return result;
      return await this.#prepareEncoded(batch, order)(keep);
    };
  }

  #prepareEncoded(batch: Batch, order: BatchOrder): (keep: KeepRejects) => Promise<WriteResult> {
    const { rejectsMax, groups } = order;
    const meanwhile = () => void this.#hash?.advance();
    const contentHash = this.#hash = this.#load.codec.contentHash(batch);
    // It is not always known yet what writes its rows.
    const started = performance.now();
    const rows = this.#shapes.isReady(groups)
      ? this.#shapes.prepare(batch, { rejectsMax, groups, meanwhile })
      : undefined;
    const encodeMs = millisecondsSince(started);
    return (keep) =>
      this.#write({ batch, order, keep, contentHash, encodeMs, kept: order.kept ?? false }, rows);
  }

  async #write(writing: Writing, prepared: PreparedPart | undefined): Promise<WriteResult> {
    const started = performance.now();
    const { batch, order: { rejectsMax, groups } } = writing;
    let ready = prepared;
    let result = await this.#attempt(writing, () => {
      const whole = ready ?? this.#shapes.prepare(batch, { rejectsMax, groups });
      ready = undefined;
      return this.#writeAtomic(writing, whole);
    });
    if (result.kind === "isolate") {
      result = await this.#attempt(writing, () => this.#writeIsolated(writing));
    }
    if (result.kind === "written") this.#closing.committed();
    this.#onePass.learn(result.kind === "written" && result.counts.rejected === 0);
    // Rows are refused, but by no statement that could be repeated with fewer of them.
    if (result.kind === "isolate") return { kind: "fatal", failure: result.failure };
    const milliseconds = performance.now() - started;
    log("batch", result.kind, {
      ...{ batch: batch.sequence, part: batch.part, from: batch.byteOffset },
      ...{ bytes: batch.bytes.length, rows: rowCount(batch) },
      ...{ encodeAheadMs: writing.encodeMs, writeMs: millisecondsSince(started) },
      commitMs: writing.commitMs,
    });
    return result.kind === "written"
      ? { ...result, milliseconds, ...defined({ commitMilliseconds: writing.commitMs }) }
      : result;
  }

  /** One transaction. Whatever comes back, it is over. */
  async #attempt(
    writing: Writing,
    work: () => Promise<WriteResult>,
  ): Promise<WriteResult | Isolate> {
    const { groups } = writing.order;
    try {
      if (groups) await recovering(this.#session, () => this.#shapes.enter(groups));
      return await inTransaction(this.#session, work, {
        keeps: ({ kind }) => kind === "written",
        onCommit: (ms) => writing.commitMs = ms,
        rejoin: () => this.#shapes.join(groups),
      });
    } catch (error) {
      // The next attempt counts rows, so that this happens once.
      if (error instanceof TableUnsure) return await this.#attempt(writing, work);
      return await this.#outcome(writing, error);
    }
  }

  /** The batch in one go. */
  async #writeAtomic(writing: Writing, rows: PreparedPart): Promise<WriteResult> {
    if (!this.#host.words.commitEmptiesStaging) await this.#shapes.emptyStaging();
    const { groups } = writing.order;
    // A later group may change what an earlier one has merged.
    const several = groups && groups.groups.length > 1;
    const first = this.#opening(writing);
    if (several) await sendFirst(this.#session, first, this.#isOfRows);
    const keys = several ? await this.#shapes.countKeys(groups) : undefined;
    let closed: Account | undefined;
    const last = (sent: SentRows): Exchange => {
      const committed = sent.keys?.size ?? sent.rows;
      closed = this.#account(writing, { sent: sent.rows, committed, rows });
      return closed.closing;
    };
    const { sent, merged } = await rows.write(keys, several ? undefined : { first, last });
    if (closed) return await this.#written(writing, closed, true);
    const committed = keys ? await keys.count() : merged;
    return await this.#written(writing, this.#account(writing, { sent, committed, rows }), false);
  }

  /** The batch in parts, without the rows that the database refuses. */
  async #writeIsolated(writing: Writing): Promise<WriteResult> {
    const { batch, order } = writing;
    const { sent, committed, rows } = await writeInParts(this.#shapes, {
      host: this.#host,
      batch,
      shape: (order.groups?.widest ?? this.#load.order).shape,
      order,
      open: () => sendFirst(this.#session, this.#opening(writing), this.#isOfRows),
    });
    await this.#nameColumns(rows.rejects);
    if (rows.rejects.length > order.rejectsMax) return { kind: "reject", rows: rows.rejects };
    return await this.#written(writing, this.#account(writing, { sent, committed, rows }), false);
  }

  /** Stores the rejects, and sends the closing statements unless they went with the rows (`closed`). */
  async #written(
    writing: Writing,
    { counts, rejects, repaired, closing }: Account,
    closed: boolean,
  ): Promise<WriteResult> {
    const { batch, keep, contentHash } = writing;
    const { order, record } = this.#load;
    if (order.rejectTable && rejects.length > 0) {
      await insertRejects(this.#host, batch, { record, rows: rejects });
    }
    // What an earlier attempt has left out is stated again, also where it is nothing now.
    if (rejects.length > 0 || writing.kept) {
      writing.kept = true;
      await keep(batch.sequence, rejects);
    }
    if (!closed) await closing.check!(await this.#session.runAll(closing.statements));
    return {
      kind: "written",
      counts,
      contentHash: contentHash.hex(),
      milliseconds: 0,
      rejects,
      ...(repaired > 0 ? { repaired } : {}),
    };
  }

  /** The counts of a batch, and what goes last. @throws {CountsDiffer} */
  #account({ batch }: Writing, { sent, committed, rows }: ArrivedRows): Account {
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
    const { repaired } = rows;
    const range = { ...batch, byteEnd: byteEndOf(batch) };
    return { counts, rejects, repaired, closing: this.#closing.close(range, counts, { rejects }) };
  }

  /** The columns of a constraint, which the database names alone. */
  async #nameColumns(rows: RejectedRow[]): Promise<void> {
    const { session, family, place, table } = this.#host;
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

  #opening({ batch, contentHash: hash }: Writing): Exchange {
    const { order, record } = this.#load;
    const entry = { order, record, contentHash: hash.hex(), marks: hash.marks() };
    return this.#closing.open(batchStatement(this.#host, batch, entry));
  }

  /** What an error means for the batch; its transaction is over. */
  async #outcome(writing: Writing, error: unknown): Promise<WriteResult | Isolate> {
    if (error instanceof RowsRejected) return { kind: "reject", rows: error.rows };
    if (error instanceof RowsVary) return this.#varies(writing);
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
    const mayCome = failure.kind === "integrity" && this.#load.order.concurrent && !alone;
    return mayCome
      ? { kind: "retry", failure, afterMs: 0, alone: true }
      : { kind: "isolate", failure };
  }

  /** What the ledger says of a batch whose row it has refused: it has this one, another, or none. */
  async #alreadyIn(writing: Writing, { cause }: FirstRefused): Promise<WriteResult> {
    const { batch } = writing;
    const contentHash = writing.contentHash.hex();
    const { record, order } = this.#load;
    try {
      const found = await findBatch(this.#host, record, batch);
      if (!found) throw cause;
      const { counts, run, byteEnd } = found;
      if (found.contentHash !== contentHash || byteEnd !== byteEndOf(batch)) {
        throw new OtherBatch(batch);
      }
      const result = {
        kind: "written",
        counts,
        contentHash,
        milliseconds: 0,
        alreadyIn: true,
      } as const;
      const ofThisRun = run === order.run;
      if (ofThisRun && run !== undefined) return { ...result, ofThisRun };
      // What it leaves out is kept by the loader that has committed it.
      if (writing.kept && !ofThisRun) await writing.keep(batch.sequence, []);
      return result;
    } catch (error) {
      return this.#decide(await this.#failureOf(writing, error));
    }
  }

  /** Whether a range of records can be written while it is read. */
  get streams(): boolean {
    return this.#shapes.streams;
  }

  /** Writes a range while it is read, where nothing comes in between. */
  writeRange(range: BatchRange, open: OpenRange): Promise<RangeResult> {
    return this.#onePass.writeRange(range, open);
  }

  /** What images of records are to be; undefined where none are taken. */
  get images(): ImageOptions | undefined {
    return this.#shapes.images;
  }

  /** Writes a range whose records were read into an image. */
  writeImage(range: BatchRange, image: EncodedImage): Promise<RangeResult> {
    return this.#onePass.writeImage(range, image);
  }

  #varies({ batch: { sequence } }: Writing): WriteResult {
    const message = `Rows of batch ${sequence} do not have the same columns`;
    const failure: Failure = { kind: "unknown", code: "ROWS_VARY", message };
    return { kind: "retry", failure, afterMs: 0, varies: true };
  }

  #decide(failure: Failure): WriteResult {
    return decide(failure, this.#host.family.asksForLess);
  }

  async #failureOf({ batch, order }: Writing, error: unknown): Promise<Failure> {
    const { shape: { table, columns } } = order.groups?.widest ?? this.#load.order;
    const context: FailureContext = {
      endpoint: this.#host.endpoint,
      what: `Writing batch ${batch.sequence} into ${table.name}`,
      table,
      columns: columns.map(({ name }) => name),
    };
    const meanwhile = await replacedMeanwhile(this.#host, this.#load);
    return await writeFailure(this.#host, meanwhile ?? error, context);
  }
}
