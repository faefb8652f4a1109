/**
 * A connection, the same for files and servers. After a call that threw, no transaction is open;
 * still the connection is to be closed.
 */
import type { KeepRejects, LiveTable, RowCounts } from "../../../src/backend.ts";
import { type Batch, tableLabel, type TableName } from "../../../src/batch.ts";
import { LoadError } from "../../../src/errors.ts";
import type { SlotNames } from "../../../src/policy/slot.ts";
import type { Codec } from "../../codec/codec.ts";
import type {
  BatchAnswer,
  BatchOrder,
  Connection,
  LoadOrder,
  LoadRecord,
  PreparedLoad,
  ProbeAnswer,
} from "../driver.ts";
import { BatchWriter, isInsert } from "./batch_writer.ts";
import { createHostTables } from "../sql/create_host_tables.ts";
import { HostTables } from "../sql/host_tables.ts";
import {
  asideTable,
  checkShape,
  type InsertText,
  insertText,
  LIBSQL_WORDS,
  render,
  slotNames,
} from "./dialect.ts";
import type { FailureContext } from "./failures.ts";
import { findBatches, findMarks, ledgerTotals } from "../sql/ledger.ts";
import {
  dropLeftovers,
  endLoad,
  insertLoad,
  isComplete,
  lastLoad,
  reopenLoad,
} from "../sql/load_row.ts";
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
  async prepareLoad(order: LoadOrder): Promise<PreparedLoad> {
    checkShape(order.shape);
    this.#checkPlan(order, slotNames(order.shape, ""));
    const about = { ...this.#about(order), creating: true };
    return await inTransaction(this.#session, about, async () => {
      await createHostTables(this.#host(order), order);
      const there = await readLiveTable(this.#session, order.shape.table) !== undefined;
      return await this.#goOn(order, there) ?? await this.#begin(order, there);
    });
  }

  /** Takes up the last load of this source again, where it is not to begin anew. */
  async #goOn(order: LoadOrder, there: boolean): Promise<PreparedLoad | undefined> {
    if (order.fresh || order.shape.mode === "replace" || !there) return undefined;
    const last = await lastLoad(this.#host(order), order);
    if (!last || (last.mode !== order.shape.mode && !order.anyMode)) return undefined;
    const { record, batchRowsMax, batchBytesMax, complete } = last;
    const batches = await findBatches(this.#host(order), record);
    // Whoever emptied the table, or made it anew, wants it filled.
    const filled = batches.some(({ counts }) => counts.committed > 0);
    if (filled && await this.#isEmpty(order)) return undefined;
    await reopenLoad(this.#host(order), record);
    return { record, batchRowsMax, batchBytesMax, batches, complete };
  }

  async #isEmpty({ shape }: LoadOrder): Promise<boolean> {
    const { table } = slotNames(shape, "");
    const [row] = await this.#session.all(`SELECT NOT EXISTS (SELECT 1 FROM ${table})`);
    return Number(row![0]) === 1;
  }

  async #begin(order: LoadOrder, there: boolean): Promise<PreparedLoad> {
    const { shape, plan, batchRowsMax, batchBytesMax } = order;
    if (shape.mode === "replace") await dropLeftovers(this.#host(order), order);
    const record = await insertLoad(this.#host(order), order);
    const names = slotNames(shape, record.id);
    for (const sql of [...there ? [] : plan.create, ...plan.prepare]) {
      await this.#session.run(render(sql, names));
    }
    return { record, batchRowsMax, batchBytesMax, batches: [], complete: false };
  }

  /** Once a lane: the plan's `stage`. @throws {LoadError} */
  async joinLoad(order: LoadOrder, record: LoadRecord): Promise<void> {
    const names = slotNames(order.shape, record.id);
    const insert = this.#checkPlan(order, names);
    const about = this.#about(order);
    const { codec } = this.#parts;
    this.#writer = await attempt(
      this.#session,
      () => about,
      () =>
        BatchWriter.join(this.#session, {
          codec,
          host: this.#host(order),
          order,
          record,
          names,
          insert,
          about,
        }),
    );
  }

  /** The marks that the ledger has of a batch. @throws {LoadError} */
  async readMarks(
    order: LoadOrder,
    record: LoadRecord,
    sequence: number,
  ): Promise<Uint8Array | undefined> {
    const about = () => this.#about(order);
    return await attempt(
      this.#session,
      about,
      () => findMarks(this.#host(order), record, sequence),
    );
  }

  /** Writes one batch in one transaction. */
  async writeBatch(batch: Batch, order: BatchOrder, keep: KeepRejects): Promise<BatchAnswer> {
    if (!this.#writer) {
      throw new LoadError("Batch came before its load", { code: "bug", blame: "host" });
    }
    return { result: await this.#writer.write(batch, order, keep), batch };
  }

  /** The plan's `finish`, once all counts agree. @throws {LoadError} */
  async finishLoad(order: LoadOrder, record: LoadRecord, totals: RowCounts): Promise<void> {
    const names = slotNames(order.shape, record.id);
    const { committed } = totals;
    const expect = (what: string, count: number, expected = committed): void => {
      if (count === expected) return;
      throw new LoadError(
        `Load is not finished, ${what} ${count} and not ${expected}: table ` +
          `${tableLabel(order.shape.table)} of ${this.#parts.endpoint}`,
        { code: "counts_differ", blame: "database" },
      );
    };
    await inTransaction(this.#session, this.#about(order), async () => {
      const replaces = order.shape.mode === "replace";
      // An earlier attempt may have ended it, and its answer was lost: what was aside is gone then.
      if (replaces && await isComplete(this.#host(order), record)) return;
      const ledger = await ledgerTotals(this.#host(order), record);
      for (const name of ["read", "committed", "superseded", "rejected"] as const) {
        expect(`the ledger's sum of rows ${name} is`, ledger[name], totals[name]);
      }
      if (replaces) expect("the new rows are", await this.#count(names.aside));
      for (const sql of order.plan.finish) {
        const text = render(await emptiedWhole(this.#session, sql), names);
        const taken = await this.#session.run(text);
        if (replaces && isInsert(sql)) expect("moved into the table were", taken);
      }
      if (replaces) expect("the table holds", await this.#count(names.table));
      const end = { state: "complete", committed, running: replaces } as const;
      if (!await endLoad(this.#host(order), record, end)) {
        throw new LoadError(
          `The load into ${tableLabel(order.shape.table)} is no longer running: its row in ` +
            "_snakepipe_load is missing, or says that it has ended",
          { code: "database_failed", blame: "database" },
        );
      }
    });
    this.#writer = undefined;
  }

  /** Marks the load as failed, removes what a replace loaded aside. @throws {LoadError} */
  async abandonLoad(order: LoadOrder, record: LoadRecord): Promise<void> {
    const { table, mode } = order.shape;
    await inTransaction(this.#session, this.#about(order), async () => {
      const { committed } = await ledgerTotals(this.#host(order), record);
      await endLoad(this.#host(order), record, { state: "failed", committed, running: true });
      if (mode !== "replace") return;
      await this.#session.run(`DROP TABLE IF EXISTS ${asideTable(table, record.id)}`);
    });
    this.#writer = undefined;
  }

  /** Ends the session. */
  async close(): Promise<void> {
    this.#writer = undefined;
    await this.#session.close();
  }

  async #count(table: string): Promise<number> {
    const [row] = await this.#session.all(`SELECT count(*) FROM ${table}`);
    return Number(row![0]);
  }

  #host({ shape: { table } }: LoadOrder): HostTables {
    const { schema } = table;
    const place = { schema, hostSchema: undefined, tableName: tableLabel(table) };
    return new HostTables(this.#session, { words: LIBSQL_WORDS, place });
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
