/** One session with a Postgres database, as the rest of the host knows it. */
import type { KeepRejects, LiveTable, RowCounts } from "../../../src/backend.ts";
import { type Batch, tableLabel, type TableName } from "../../../src/batch.ts";
import { LoadError } from "../../../src/errors.ts";
import { failureError } from "../../../src/failure.ts";
import { checkNames } from "../../../src/policy/slot.ts";
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
import { createHostTables } from "../sql/create_host_tables.ts";
import { HostTables } from "../sql/host_tables.ts";
import { findBatches, findMarks, ledgerTotals } from "../sql/ledger.ts";
import {
  dropLeftovers,
  endLoad,
  insertLoad,
  isComplete,
  lastLoad,
  reopenLoad,
} from "../sql/load_row.ts";
import { BatchWriter } from "./batch_writer.ts";
import { describeTable, isEmpty, schemaOf } from "./catalog.ts";
import {
  asideName,
  IDENTIFIER_BYTES_MAX,
  POSTGRES_WORDS,
  qualified,
  render,
  slotNames,
  STAGING_NAME,
} from "./dialect.ts";
import { classifyCommit, toLoadError } from "./failures.ts";
import type { Session } from "./session.ts";
import { PostgresSession } from "./sql_session.ts";
import { CommitError, inTransaction } from "./transaction.ts";
import { copyForm } from "./wire_type.ts";

/** A probe that takes longer than this says that the database is not well. */
const PROBE_TIMEOUT_MS = 5_000;

/** What a connection is made of. */
export interface PostgresConnectionOptions {
  readonly codec: Codec;
  readonly endpoint: string;
}

/** See {@linkcode Connection}. */
export class PostgresConnection implements Connection {
  readonly #session: Session;
  readonly #codec: Codec;
  readonly #endpoint: string;
  #writer: BatchWriter | undefined;

  /** Takes over the session. */
  constructor(session: Session, { codec, endpoint }: PostgresConnectionOptions) {
    this.#session = session;
    this.#codec = codec;
    this.#endpoint = endpoint;
  }

  get usable(): boolean {
    return this.#session.alive;
  }

  run(statements: readonly string[]): Promise<void> {
    return this.#doing("A statement of the plugin's session", async () => {
      for (const text of statements) await this.#session.query(text);
    });
  }

  probe(statement: string): Promise<ProbeAnswer> {
    return this.#doing("The health probe", async () => {
      const started = performance.now();
      const { rows } = await this.#session.query(statement, { timeoutMs: PROBE_TIMEOUT_MS });
      return { latencyMs: performance.now() - started, text: rows[0]?.[0] ?? "" };
    });
  }

  describeTable(table: TableName): Promise<LiveTable | undefined> {
    return this.#doing(
      `Reading the columns of ${tableLabel(table)}`,
      () => describeTable(this.#session, table),
    );
  }

  prepareLoad(order: LoadOrder): Promise<PreparedLoad> {
    const { table, columns } = order.shape;
    return this.#doing(`Preparing the load into ${tableLabel(table)}`, async () => {
      checkNames(table, columns.map((column) => column.name), IDENTIFIER_BYTES_MAX);
      const session = this.#session;
      const schema = await schemaOf(session, table);
      return await inTransaction(session, async () => {
        await createHostTables(this.#host(order, schema), order);
        const there = await describeTable(session, table) !== undefined;
        return await this.#goOn(order, schema, there) ?? await this.#begin(order, schema, there);
      });
    });
  }

  /** Takes up the last load of this source again, where it is not to begin anew. */
  async #goOn(
    order: LoadOrder,
    schema: string,
    there: boolean,
  ): Promise<PreparedLoad | undefined> {
    if (order.fresh || order.shape.mode === "replace" || !there) return undefined;
    const last = await lastLoad(this.#host(order, schema), order);
    if (!last || (last.mode !== order.shape.mode && !order.anyMode)) return undefined;
    const { record, batchRowsMax, batchBytesMax, complete } = last;
    const batches = await findBatches(this.#host(order, schema), record);
    // Whoever emptied the table, or made it anew, wants it filled.
    const filled = batches.some(({ counts }) => counts.committed > 0);
    const table = order.shape.table.name;
    if (filled && await isEmpty(this.#session, { schema, table })) return undefined;
    await reopenLoad(this.#host(order, schema), record);
    return { record, batchRowsMax, batchBytesMax, batches, complete };
  }

  async #begin(order: LoadOrder, schema: string, there: boolean): Promise<PreparedLoad> {
    const { shape, plan, batchRowsMax, batchBytesMax } = order;
    if (shape.mode === "replace") await dropLeftovers(this.#host(order, schema), order);
    const record = await insertLoad(this.#host(order, schema), order);
    const names = slotNames(shape, { schema, loadId: record.id });
    // PostgreSQL wants CREATE on the schema even of a CREATE that finds its table there.
    const create = there ? [] : plan.create;
    for (const text of render([...create, ...plan.prepare], names)) {
      await this.#session.query(text);
    }
    return { record, batchRowsMax, batchBytesMax, batches: [], complete: false };
  }

  joinLoad(order: LoadOrder, record: LoadRecord): Promise<void> {
    const { shape, plan } = order;
    return this.#doing(`Staging for ${tableLabel(shape.table)}`, async () => {
      const session = this.#session;
      const schema = await schemaOf(session, shape.table);
      const names = slotNames(shape, { schema, loadId: record.id });
      const statements = render(plan.stage, names);
      if (statements.length > 0) {
        // The session may have served another load before.
        await session.query(`DROP TABLE IF EXISTS ${qualified("pg_temp", STAGING_NAME)}`);
        for (const text of statements) await session.query(text);
      }
      const { write } = plan;
      this.#writer = new BatchWriter(session, {
        codec: this.#codec,
        host: this.#host(order, schema),
        endpoint: this.#endpoint,
        order,
        record,
        schema,
        form: write.kind === "copy"
          ? await copyForm(session, write, { shape, names })
          : { format: "text" },
      });
    });
  }

  readMarks(
    order: LoadOrder,
    record: LoadRecord,
    sequence: number,
  ): Promise<Uint8Array | undefined> {
    const { table } = order.shape;
    return this.#doing(`Reading the ledger of ${tableLabel(table)}`, async () => {
      const schema = await schemaOf(this.#session, table);
      return await findMarks(this.#host(order, schema), record, sequence);
    });
  }

  prepareBatch(batch: Batch, order: BatchOrder): void {
    this.#writer?.prepare(batch, order);
  }

  async writeBatch(batch: Batch, order: BatchOrder, keep: KeepRejects): Promise<BatchAnswer> {
    if (!this.#writer) {
      throw new LoadError("A batch was written by a connection that has joined no load", {
        code: "bug",
        blame: "host",
      });
    }
    return { result: await this.#writer.write(batch, order, keep), batch };
  }

  finishLoad(order: LoadOrder, record: LoadRecord, totals: RowCounts): Promise<void> {
    const { shape, plan } = order;
    return this.#doing(`Finishing the load into ${tableLabel(shape.table)}`, async () => {
      const session = this.#session;
      const schema = await schemaOf(session, shape.table);
      const names = slotNames(shape, { schema, loadId: record.id });
      const statements = render(plan.finish, names);
      await inTransaction(session, async () => {
        const { committed } = totals;
        // An earlier attempt may have ended it, and its answer was lost: what was aside is gone then.
        if (shape.mode === "replace" && await isComplete(this.#host(order, schema), record)) return;
        this.#sameTotals(await ledgerTotals(this.#host(order, schema), record), totals);
        if (shape.mode === "replace") {
          const { rows } = await session.query(`SELECT count(*) FROM ${names.aside}`);
          this.#sameCount(
            "the number of rows in the table loaded aside",
            Number(rows[0]![0]),
            committed,
          );
        }
        for (const text of statements) {
          const { command, count } = await session.query(text);
          if (command === "INSERT") {
            this.#sameCount("what the last statement took", count, committed);
          }
        }
        const running = shape.mode === "replace";
        if (
          !await endLoad(this.#host(order, schema), record, {
            state: "complete",
            committed,
            running,
          })
        ) {
          throw new LoadError(
            `The load into ${tableLabel(shape.table)} is no longer running: its row in ` +
              `_snakepipe_load is missing, or says that it has ended`,
            { code: "database_failed", blame: "database" },
          );
        }
      });
    });
  }

  abandonLoad(order: LoadOrder, record: LoadRecord): Promise<void> {
    const { shape } = order;
    return this.#doing(`Giving up the load into ${tableLabel(shape.table)}`, async () => {
      const session = this.#session;
      const schema = await schemaOf(session, shape.table);
      await inTransaction(session, async () => {
        // A lane that is still writing must not keep this waiting for long.
        await session.query("SET LOCAL lock_timeout = '10s'");
        const { committed } = await ledgerTotals(this.#host(order, schema), record);
        await endLoad(this.#host(order, schema), record, {
          state: "failed",
          committed,
          running: true,
        });
        if (shape.mode !== "replace") return;
        const aside = qualified(schema, asideName(shape.table.name, record.id));
        await session.query(`DROP TABLE IF EXISTS ${aside}`);
      });
    });
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  #host({ shape: { table } }: LoadOrder, schema: string): HostTables {
    const place = { schema, hostSchema: schema, tableName: table.name };
    return new HostTables(new PostgresSession(this.#session), { words: POSTGRES_WORDS, place });
  }

  #sameTotals(ledger: RowCounts, totals: RowCounts): void {
    for (const name of ["read", "committed", "superseded", "rejected"] as const) {
      this.#sameCount(`the ledger's sum of rows ${name}`, ledger[name], totals[name]);
    }
  }

  #sameCount(where: string, found: number, expected: number): void {
    if (found === expected) return;
    throw new LoadError(
      `Counts differ on ${this.#endpoint}: ${where} is ${found} and not ${expected}; ` +
        "nothing of the finish is kept",
      { code: "counts_differ", blame: "database" },
    );
  }

  async #doing<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const context = { endpoint: this.#endpoint, what };
      if (error instanceof CommitError) throw failureError(classifyCommit(error.cause, context));
      throw toLoadError(error, context);
    }
  }
}
