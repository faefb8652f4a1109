/**
 * A connection, the same for files and servers.
 *
 * Invariants
 * - Everything of a batch, its ledger row first, stands in one transaction that either commits or
 *   is rolled back before the call returns.
 * - Where the ledger holds a batch already, it is not written again.
 * - After a call that threw, no transaction is open; still the connection is to be closed.
 */
import type { LiveTable, RowCounts, WriteResult } from "../../../src/backend.ts";
import { type Batch, rowCount, tableLabel, type TableName } from "../../../src/batch.ts";
import { LoadError } from "../../../src/errors.ts";
import type { SlotNames } from "../../../src/policy/slot.ts";
import type { Codec } from "../../codec/codec.ts";
import type { Connection, LoadOrder, LoadRecord, ProbeAnswer } from "../driver.ts";
import { checkShape, type InsertText, insertText, render, slotNames, STAGING } from "./dialect.ts";
import { type FailureContext, thrown } from "./failures.ts";
import {
  claimBatch,
  committedRows,
  correctCounts,
  createLedger,
  endLoad,
  insertLoad,
} from "./ledger.ts";
import { readLiveTable } from "./live_table.ts";
import { sendRows } from "./row_writer.ts";
import type { Session } from "./session.ts";
import { ContentChanged, CountsDiffer, failedWrite } from "./write_outcome.ts";

/** SQLite stores any text and takes NaN for NULL. */
const CELL_RULES = { nul: true, nan: false } as const;

/** How a load's batches are written. */
interface Lane {
  readonly order: LoadOrder;
  readonly record: LoadRecord;
  readonly insert: InsertText;
  readonly merge: readonly string[];
}

/** What a connection is made of. */
export interface ConnectionParts {
  readonly codec: Codec;
  /** The database, for people. */
  readonly endpoint: string;
}

/** See the head of this file. */
export class LibsqlConnection implements Connection {
  readonly #session: Session;
  readonly #parts: ConnectionParts;
  #lane: Lane | undefined;

  /** A connection on an open session. */
  constructor(session: Session, parts: ConnectionParts) {
    this.#session = session;
    this.#parts = parts;
  }

  /** False once the session is gone. */
  get usable(): boolean {
    return this.#session.usable;
  }

  /**
   * Runs session statements. A server keeps no session between two calls, so there is nothing for
   * them to set up, and they are left out.
   *
   * @throws {LoadError}
   */
  async run(statements: readonly string[]): Promise<void> {
    if (!this.#session.lasting) return;
    for (const sql of statements) await this.#attempt(() => this.#session.setUp(sql));
  }

  /** Runs a health statement. @throws {LoadError} */
  async probe(statement: string): Promise<ProbeAnswer> {
    const started = performance.now();
    const rows = await this.#attempt(() => this.#session.all(statement));
    return { latencyMs: performance.now() - started, text: String(rows[0]?.[0] ?? "") };
  }

  /** The table as it stands; a view is refused. @throws {LoadError} */
  async describeTable(table: TableName): Promise<LiveTable | undefined> {
    return await this.#attempt(() => readLiveTable(this.#session, table), {
      endpoint: this.#parts.endpoint,
      table,
    });
  }

  /** Once a load: host tables, the plan's DDL, the load row. @throws {LoadError} */
  async prepareLoad(order: LoadOrder): Promise<LoadRecord> {
    checkShape(order.shape);
    const names = slotNames(order.shape);
    this.#checkPlan(order, names);
    return await this.#transaction(async () => {
      await createLedger(this.#session);
      const { create, prepare } = order.plan;
      const there = await readLiveTable(this.#session, order.shape.table);
      for (const sql of [...there ? [] : create, ...prepare]) {
        await this.#session.run(render(sql, names));
      }
      return await insertLoad(this.#session, order);
    }, this.#about(order));
  }

  /** Once a lane: the plan's `stage`. @throws {LoadError} */
  async joinLoad(order: LoadOrder, record: LoadRecord): Promise<void> {
    const names = slotNames(order.shape);
    const insert = this.#checkPlan(order, names);
    if (order.plan.stage.length > 0) {
      await this.#attempt(async () => {
        await this.#session.run(`DROP TABLE IF EXISTS temp.${STAGING}`);
        for (const sql of order.plan.stage) await this.#session.run(render(sql, names));
      }, this.#about(order));
    }
    this.#lane = { order, record, insert, merge: order.plan.merge.map((s) => render(s, names)) };
  }

  /** Writes one batch in one transaction. */
  async writeBatch(batch: Batch): Promise<WriteResult> {
    const lane = this.#lane;
    if (!lane) throw new LoadError("Batch came before its load", { code: "bug", blame: "host" });
    const started = performance.now();
    const contentHash = this.#parts.codec.contentHash(batch);
    let committing = false;
    try {
      await this.#session.begin();
      const result = await this.#writeRows(batch, lane, contentHash);
      if (result.kind !== "written") {
        await this.#session.rollback();
        return result;
      }
      committing = true;
      await this.#session.commit();
      return { ...result, milliseconds: performance.now() - started };
    } catch (error) {
      await this.#session.rollback();
      return failedWrite(error, { ...this.#about(lane.order), committing });
    }
  }

  async #writeRows(batch: Batch, lane: Lane, contentHash: string): Promise<WriteResult> {
    const { order, record } = lane;
    const entry = await claimBatch(this.#session, batch, { order, record, contentHash });
    if (entry) {
      if (entry.contentHash !== contentHash) throw new ContentChanged(batch);
      return { kind: "written", counts: entry.counts, contentHash, milliseconds: 0 };
    }
    if (order.plan.stage.length > 0) await this.#session.run(`DELETE FROM temp.${STAGING}`);
    const reader = this.#parts.codec.cells(batch, CELL_RULES);
    const sent = await sendRows(this.#session, batch, { ...lane, shape: order.shape, reader });
    if (sent.kind === "rejected") return { kind: "reject", rows: sent.rows };
    for (const sql of lane.merge) {
      const taken = await this.#session.run(sql);
      if (isInsert(sql) && (taken < sent.distinct || taken > sent.rows)) {
        throw new CountsDiffer(sent.distinct, taken);
      }
    }
    const counts: RowCounts = {
      read: rowCount(batch),
      committed: sent.distinct,
      superseded: sent.rows - sent.distinct,
      rejected: 0,
    };
    if (counts.superseded > 0) await correctCounts(this.#session, batch, { record, counts });
    return { kind: "written", counts, contentHash, milliseconds: 0 };
  }

  /** The plan's `finish`, once all counts agree. @throws {LoadError} */
  async finishLoad(order: LoadOrder, record: LoadRecord, totals: RowCounts): Promise<void> {
    const names = slotNames(order.shape);
    const committed = BigInt(totals.committed);
    const expect = (what: string, count: bigint): void => {
      if (count === committed) return;
      throw new LoadError(
        `Load is not finished, ${committed} rows were committed but ${what} ${count}: table ` +
          `${tableLabel(order.shape.table)} of ${this.#parts.endpoint}`,
        { code: "counts_differ", blame: "database" },
      );
    };
    await this.#transaction(async () => {
      const replaces = order.shape.mode === "replace";
      expect("the ledger holds", await committedRows(this.#session, record));
      if (replaces) expect("the new rows are", await this.#count(names.aside));
      for (const sql of order.plan.finish) {
        const taken = await this.#session.run(render(sql, names));
        if (replaces && isInsert(sql)) expect("moved into the table were", BigInt(taken));
      }
      if (replaces) expect("the table holds", await this.#count(names.table));
      await endLoad(this.#session, record, { state: "complete", committed });
    }, this.#about(order));
    this.#lane = undefined;
  }

  /** Marks the load as failed, removes what a replace loaded aside. @throws {LoadError} */
  async abandonLoad(order: LoadOrder, record: LoadRecord): Promise<void> {
    const names = slotNames(order.shape);
    await this.#transaction(async () => {
      const committed = await committedRows(this.#session, record);
      await endLoad(this.#session, record, { state: "failed", committed });
      if (order.shape.mode === "replace") {
        await this.#session.run(`DROP TABLE IF EXISTS ${names.aside}`);
      }
    }, this.#about(order));
    this.#lane = undefined;
  }

  /** Ends the session. */
  async close(): Promise<void> {
    this.#lane = undefined;
    await this.#session.close();
  }

  async #count(table: string): Promise<bigint> {
    const [row] = await this.#session.all(`SELECT count(*) FROM ${table}`);
    return BigInt(row![0] as bigint);
  }

  #about(order: LoadOrder): FailureContext {
    const { table, columns } = order.shape;
    return { endpoint: this.#parts.endpoint, table, columns: columns.map((c) => c.name) };
  }

  #checkPlan(order: LoadOrder, names: SlotNames): InsertText {
    if (order.plan.stage.length > 0 && !this.#session.lasting) {
      throw new LoadError("Plan stages rows, but a libSQL server keeps no temporary table", {
        code: "plan_refused",
        blame: "plugin",
      });
    }
    return insertText(order.plan.write, names);
  }

  async #transaction<T>(work: () => Promise<T>, about: FailureContext): Promise<T> {
    let committing = false;
    return await this.#attempt(async () => {
      await this.#session.begin();
      const result = await work();
      committing = true;
      await this.#session.commit();
      return result;
    }, () => ({ ...about, committing }));
  }

  /** Rolls back and throws a `LoadError` where a call fails. */
  async #attempt<T>(
    call: () => Promise<T>,
    about: FailureContext | (() => FailureContext) = { endpoint: this.#parts.endpoint },
  ): Promise<T> {
    try {
      return await call();
    } catch (error) {
      await this.#session.rollback();
      throw thrown(error, typeof about === "function" ? about() : about);
    }
  }
}

function isInsert(sql: string): boolean {
  return /^\s*insert\b/i.test(sql);
}
