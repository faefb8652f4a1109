/**
 * A connection, the same for files and servers. After a call that threw, no transaction is open;
 * still the connection is to be closed.
 */
import type { LiveTable, RowCounts, WriteResult } from "../../../src/backend.ts";
import { type Batch, tableLabel, type TableName } from "../../../src/batch.ts";
import { LoadError } from "../../../src/errors.ts";
import type { SlotNames } from "../../../src/policy/slot.ts";
import type { Codec } from "../../codec/codec.ts";
import type { Connection, LoadOrder, LoadRecord, ProbeAnswer } from "../driver.ts";
import { BatchWriter, isInsert } from "./batch_writer.ts";
import { checkShape, type InsertText, insertText, render, slotNames } from "./dialect.ts";
import type { FailureContext } from "./failures.ts";
import { committedRows, createLedger, endLoad, insertLoad } from "./ledger.ts";
import { readLiveTable } from "./live_table.ts";
import type { Session } from "./session.ts";
import { attempt, inTransaction } from "./transaction.ts";
import { emptiedWhole } from "./vector_index.ts";

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
  #writer: BatchWriter | undefined;

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
    const about = () => ({ endpoint: this.#parts.endpoint });
    for (const sql of statements) {
      await attempt(this.#session, about, () => this.#session.setUp(sql));
    }
  }

  /** Runs a health statement. @throws {LoadError} */
  async probe(statement: string): Promise<ProbeAnswer> {
    const started = performance.now();
    const about = () => ({ endpoint: this.#parts.endpoint });
    const rows = await attempt(this.#session, about, () => this.#session.all(statement));
    return { latencyMs: performance.now() - started, text: String(rows[0]?.[0] ?? "") };
  }

  /** The table as it stands; a view is refused. @throws {LoadError} */
  async describeTable(table: TableName): Promise<LiveTable | undefined> {
    const about = () => ({ endpoint: this.#parts.endpoint, table });
    return await attempt(this.#session, about, () => readLiveTable(this.#session, table));
  }

  /** Once a load: host tables, the plan's DDL, the load row. @throws {LoadError} */
  async prepareLoad(order: LoadOrder): Promise<LoadRecord> {
    checkShape(order.shape);
    const names = slotNames(order.shape);
    this.#checkPlan(order, names);
    const about = { ...this.#about(order), creating: true };
    return await inTransaction(this.#session, about, async () => {
      await createLedger(this.#session);
      const { create, prepare } = order.plan;
      const there = await readLiveTable(this.#session, order.shape.table);
      for (const sql of [...there ? [] : create, ...prepare]) {
        await this.#session.run(render(sql, names));
      }
      return await insertLoad(this.#session, order);
    });
  }

  /** Once a lane: the plan's `stage`. @throws {LoadError} */
  async joinLoad(order: LoadOrder, record: LoadRecord): Promise<void> {
    const names = slotNames(order.shape);
    const insert = this.#checkPlan(order, names);
    const about = this.#about(order);
    const { codec } = this.#parts;
    this.#writer = await attempt(
      this.#session,
      () => about,
      () => BatchWriter.join(this.#session, { codec, order, record, names, insert, about }),
    );
  }

  /** Writes one batch in one transaction. */
  async writeBatch(batch: Batch): Promise<WriteResult> {
    if (!this.#writer) {
      throw new LoadError("Batch came before its load", { code: "bug", blame: "host" });
    }
    return await this.#writer.write(batch);
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
    await inTransaction(this.#session, this.#about(order), async () => {
      const replaces = order.shape.mode === "replace";
      expect("the ledger holds", await committedRows(this.#session, record));
      if (replaces) expect("the new rows are", await this.#count(names.aside));
      for (const sql of order.plan.finish) {
        const text = render(await emptiedWhole(this.#session, sql), names);
        const taken = await this.#session.run(text);
        if (replaces && isInsert(sql)) expect("moved into the table were", BigInt(taken));
      }
      if (replaces) expect("the table holds", await this.#count(names.table));
      await endLoad(this.#session, record, { state: "complete", committed });
    });
    this.#writer = undefined;
  }

  /** Marks the load as failed, removes what a replace loaded aside. @throws {LoadError} */
  async abandonLoad(order: LoadOrder, record: LoadRecord): Promise<void> {
    const names = slotNames(order.shape);
    await inTransaction(this.#session, this.#about(order), async () => {
      const committed = await committedRows(this.#session, record);
      await endLoad(this.#session, record, { state: "failed", committed });
      if (order.shape.mode === "replace") {
        await this.#session.run(`DROP TABLE IF EXISTS ${names.aside}`);
      }
    });
    this.#writer = undefined;
  }

  /** Ends the session. */
  async close(): Promise<void> {
    this.#writer = undefined;
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
}
