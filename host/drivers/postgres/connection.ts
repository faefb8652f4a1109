/** One session with a Postgres database, as the rest of the host knows it. */
import type { LiveTable, RowCounts, WriteResult } from "../../../src/backend.ts";
import { type Batch, tableLabel, type TableName } from "../../../src/batch.ts";
import { LoadError } from "../../../src/errors.ts";
import { failureError } from "../../../src/failure.ts";
import { checkNames } from "../../../src/policy/slot.ts";
import type { Codec } from "../../codec/codec.ts";
import type { Connection, LoadOrder, LoadRecord, ProbeAnswer } from "../driver.ts";
import { BatchWriter } from "./batch_writer.ts";
import { describeTable, schemaOf } from "./catalog.ts";
import {
  asideName,
  IDENTIFIER_BYTES_MAX,
  qualified,
  render,
  slotNames,
  STAGING_NAME,
} from "./dialect.ts";
import { classifyCommit, toLoadError } from "./failures.ts";
import { committedRows, createHostTables, endLoad, insertLoad } from "./ledger.ts";
import type { Session } from "./session.ts";
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

  prepareLoad(order: LoadOrder): Promise<LoadRecord> {
    const { table, columns } = order.shape;
    return this.#doing(`Preparing the load into ${tableLabel(table)}`, async () => {
      checkNames(table, columns.map((column) => column.name), IDENTIFIER_BYTES_MAX);
      const session = this.#session;
      const schema = await schemaOf(session, table);
      const names = slotNames(order.shape, schema);
      return await inTransaction(session, async () => {
        await createHostTables(session, schema);
        // PostgreSQL wants CREATE on the schema even of a CREATE that finds its table there.
        const create = await describeTable(session, table) ? [] : order.plan.create;
        for (const text of render([...create, ...order.plan.prepare], names)) {
          await session.query(text);
        }
        return await insertLoad(session, schema, order);
      });
    });
  }

  joinLoad(order: LoadOrder, record: LoadRecord): Promise<void> {
    const { shape, plan } = order;
    return this.#doing(`Staging for ${tableLabel(shape.table)}`, async () => {
      const session = this.#session;
      const schema = await schemaOf(session, shape.table);
      const names = slotNames(shape, schema);
      const statements = render(plan.stage, names);
      if (statements.length > 0) {
        // The session may have served another load before.
        await session.query(`DROP TABLE IF EXISTS ${qualified("pg_temp", STAGING_NAME)}`);
        for (const text of statements) await session.query(text);
      }
      const { write } = plan;
      this.#writer = new BatchWriter(session, {
        codec: this.#codec,
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

  prepareBatch(batch: Batch): void {
    this.#writer?.prepare(batch);
  }

  writeBatch(batch: Batch): Promise<WriteResult> {
    if (!this.#writer) {
      throw new LoadError("A batch was written by a connection that has joined no load", {
        code: "bug",
        blame: "host",
      });
    }
    return this.#writer.write(batch);
  }

  finishLoad(order: LoadOrder, record: LoadRecord, totals: RowCounts): Promise<void> {
    const { shape, plan } = order;
    return this.#doing(`Finishing the load into ${tableLabel(shape.table)}`, async () => {
      const session = this.#session;
      const schema = await schemaOf(session, shape.table);
      const names = slotNames(shape, schema);
      const statements = render(plan.finish, names);
      await inTransaction(session, async () => {
        const { committed } = totals;
        this.#sameCount("the ledger", await committedRows(session, schema, record), committed);
        if (shape.mode === "replace") {
          const { rows } = await session.query(`SELECT count(*) FROM ${names.aside}`);
          this.#sameCount("the table loaded aside", Number(rows[0]![0]), committed);
        }
        for (const text of statements) {
          const { command, count } = await session.query(text);
          if (command === "INSERT") this.#sameCount("the last statement", count, committed);
        }
        if (!await endLoad(session, schema, { record, state: "complete", committed })) {
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
        const running = await endLoad(session, schema, {
          record,
          state: "failed",
          committed: await committedRows(session, schema, record),
        });
        // Where it is complete after all, what is aside belongs to another load.
        if (!running || shape.mode !== "replace") return;
        await session.query(
          `DROP TABLE IF EXISTS ${qualified(schema, asideName(shape.table.name))}`,
        );
      });
    });
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  #sameCount(where: string, found: number, expected: number): void {
    if (found === expected) return;
    throw new LoadError(
      `Counts differ on ${this.#endpoint}: ${where} has ${found} rows, ${expected} were committed; ` +
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
