/**
 * A connection to any SQL database that its family describes. After a call that threw, no transaction
 * is open; still the connection is to be closed.
 */
import type { PastLoad, PastLoadsQuestion } from "../../../src/model/past_load.ts";
import { pastLoads } from "./past_loads.ts";
import type { BatchKey, LiveTable, LoadTotals } from "../../../src/model/backend.ts";
import {
  type Batch,
  type BatchRange,
  tableLabel,
  type TableName,
} from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { failureError } from "../../../src/model/failure.ts";
import type { Codec, EncodedImage, ImageOptions } from "../../codec/codec.ts";
import type {
  BatchOrder,
  Connection,
  ConnectOptions,
  LoadOrder,
  LoadRecord,
  PreparedBatch,
  PreparedLoad,
  PreviewedLoad,
  ProbeAnswer,
  RangeResult,
} from "../driver.ts";
import { BatchWriter } from "./batch_writer.ts";
import type { Database, FailureContext } from "./family.ts";
import { finish } from "./finish.ts";
import { HostTables } from "./host_tables.ts";
import { insertText } from "./insert_text.ts";
import { findMarks, ledgerTotals } from "./ledger.ts";
import { endLoad, notedTable, noteTable } from "./load_row.ts";
import { checkShape, checkSource, checkTableName, dropAside, slotNames } from "./names.ts";
import { prepare } from "./prepare.ts";
import { preview } from "./preview.ts";
import { replacedMeanwhile } from "./replaced_meanwhile.ts";
import { changeSchema } from "./schema_change.ts";
import { makeKept } from "./secondary_indexes.ts";
import type { SqlSession } from "./session.ts";
import { GONE, keptState, WatchedTable } from "./table_watch.ts";
import { CommitError, inTransaction } from "./transaction.ts";

/** See {@linkcode Connection}. */
export class SqlConnection<Session extends SqlSession> implements Connection {
  readonly #database: Database<Session>;
  readonly #codec: Codec;
  readonly #openRange: ConnectOptions["openRange"];
  #writer: BatchWriter | undefined;

  /** Takes over the session. */
  constructor(
    database: Database<Session>,
    codec: Codec,
    openRange?: ConnectOptions["openRange"],
  ) {
    this.#database = database;
    this.#codec = codec;
    this.#openRange = openRange;
  }

  get usable(): boolean {
    return this.#database.session.usable;
  }

  run(statements: readonly string[]): Promise<void> {
    return this.#withFailures({ what: "A statement of the plugin's session" }, async () => {
      for (const sql of statements) await this.#database.session.setUp(sql);
    });
  }

  probe(statement: string): Promise<ProbeAnswer> {
    return this.#withFailures({ what: "The health probe" }, async () => {
      const started = performance.now();
      const value = await this.#database.session.probe(statement);
      return { latencyMs: performance.now() - started, text: String(value ?? "") };
    });
  }

  read(query: string): Promise<(string | null)[][]> {
    return this.#withFailures({ what: "A query" }, async () => {
      const rows = await this.#database.session.all(query);
      return rows.map((row) => row.map((cell) => cell === null ? null : String(cell)));
    });
  }

  pastLoads(question: PastLoadsQuestion): Promise<readonly PastLoad[]> {
    return this.#withFailures({ what: "Reading the ledgers" }, () => {
      return pastLoads(this.#database, question);
    });
  }

  describeTable(table: TableName): Promise<LiveTable | undefined> {
    return this.#withFailures(
      { what: `Reading the columns of ${tableLabel(table)}`, table },
      async () => {
        checkTableName(this.#database.family.words, table);
        return await this.#database.family.readLiveTable(this.#database.session, table);
      },
    );
  }

  prepareLoad(order: LoadOrder): Promise<PreparedLoad> {
    return this.#forLoad("Preparing the load into", order, { creating: true }, (host) => {
      const work = () => this.#transaction(() => prepare(host, order));
      return host.family.exclusively?.(host.session, work) ?? work();
    });
  }

  previewLoad(order: LoadOrder): Promise<PreviewedLoad> {
    return this.#forLoad("Looking at the load into", order, {}, (host) => preview(host, order));
  }

  joinLoad(order: LoadOrder, record: LoadRecord): Promise<void> {
    return this.#forLoad("Joining the load into", order, {}, async (host) => {
      const load = { host, codec: this.#codec, order, record };
      // A replace loads into a table of its own.
      const target = order.shape.mode === "replace" ? undefined : await WatchedTable.of(load);
      this.#writer = await BatchWriter.join({ ...load, target });
    }, record);
  }

  readMarks(
    order: LoadOrder,
    record: LoadRecord,
    batch: BatchKey,
  ): Promise<Uint8Array | undefined> {
    return this.#forLoad(
      "Reading the ledger of",
      order,
      {},
      (host) => findMarks(host, record, batch),
    );
  }

  prepareBatch(batch: Batch, order: BatchOrder): PreparedBatch {
    if (!this.#writer) {
      throw new LoadError("A batch was written by a connection that has joined no load", {
        code: "bug",
        blame: "host",
      });
    }
    const write = this.#writer.prepare(batch, order);
    return {
      write: async (keep) => ({ result: await write(keep), batch }),
      takeBack: () => Promise.resolve(batch),
    };
  }

  writesRanges(): Promise<boolean> {
    return Promise.resolve(this.#openRange !== undefined && (this.#writer?.streams ?? false));
  }

  async writeRange(range: BatchRange): Promise<RangeResult> {
    const [writer, open] = [this.#writer, this.#openRange];
    if (!writer?.streams || !open) return { kind: "unwritten" };
    return await writer.writeRange(range, open);
  }

  imageOptions(): Promise<ImageOptions | undefined> {
    return Promise.resolve(this.#writer?.images);
  }

  async writeImage(range: BatchRange, image: EncodedImage): Promise<RangeResult> {
    if (!this.#writer?.images) return { kind: "unwritten" };
    return await this.#writer.writeImage(range, image);
  }

  async finishLoad(order: LoadOrder, record: LoadRecord, totals: LoadTotals): Promise<void> {
    const replacing = order.shape.mode === "replace";
    await this.#forLoad("Finishing the load into", order, { replacing }, async (host) => {
      const known = this.#writer?.known;
      await this.#transaction(() => finish(host, { order, record, totals, known }));
      if (replacing && host.words.ddlCommits) {
        await this.#database.session.run(dropAside(host, record.id));
      }
    }, record);
    this.#writer = undefined;
  }

  async abandonLoad(order: LoadOrder, record: LoadRecord): Promise<void> {
    await this.#forLoad("Giving up the load into", order, {}, async (host) => {
      await this.#transaction(async () => {
        for (const sql of host.family.beforeAbandoning ?? []) {
          await this.#database.session.run(sql);
        }
        const { committed } = await ledgerTotals(host, record);
        await endLoad(host, record, { state: "failed", committed, running: true });
        const known = this.#writer?.known;
        if (known && await notedTable(host, record) !== GONE) {
          await noteTable(host, record, known.text);
        }
        if (order.shape.mode !== "replace") return;
        await changeSchema(host, [dropAside(host, record.id)]);
      });
      if (record.indexes) await this.#transaction(() => remakeIndexes(host, order, record));
    });
    this.#writer = undefined;
  }

  async close(): Promise<void> {
    this.#writer = undefined;
    await this.#database.session.close();
  }

  /** Refuses what can be known to fail without the database. @throws {LoadError} */
  #check({ shape, plan, source }: LoadOrder): void {
    const { family } = this.#database;
    checkSource(family.words, source);
    checkShape(family.words, shape);
    family.checkTable?.(shape.table);
    family.checkPlan?.(this.#database.session, { shape, plan });
    const names = slotNames(family.words, shape, { schema: undefined, loadId: "" });
    insertText(family.words, plan.write, names);
  }

  async #transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.#database.session.fit?.([]);
    return await inTransaction(this.#database.session, work);
  }

  #forLoad<T>(
    what: string,
    order: LoadOrder,
    about: Pick<FailureContext, "creating" | "replacing">,
    work: (host: HostTables) => Promise<T>,
    record?: LoadRecord,
  ): Promise<T> {
    const { table, columns } = order.shape;
    const names = columns.map(({ name }) => name);
    const context = { what: `${what} ${tableLabel(table)}`, table, columns: names, ...about };
    return this.#withFailures(context, async () => {
      this.#check(order);
      const { session, family } = this.#database;
      const place = await family.placeOf(session, table);
      const host = new HostTables(this.#database, { place, table });
      return await work(host).catch(async (error) => {
        throw await replacedMeanwhile(host, { order, record }) ?? error;
      });
    });
  }

  async #withFailures<T>(
    about: Omit<FailureContext, "endpoint">,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const { session, family, endpoint } = this.#database;
      const committing = error instanceof CommitError;
      const cause = committing ? error.cause : error;
      if (cause instanceof LoadError) throw cause;
      const context = { ...about, endpoint, committing };
      throw failureError(await family.failureOf(session, cause, context));
    }
  }
}

/** Makes the indexes again that an abandoned load has dropped. */
async function remakeIndexes(
  host: HostTables,
  order: LoadOrder,
  record: LoadRecord,
): Promise<void> {
  for (const sql of host.family.beforeAbandoning ?? []) await host.session.run(sql);
  const noted = keptState(await notedTable(host, record));
  const target = await WatchedTable.of({ host, order, record });
  // On some databases, making an index changes the state of its table. That is noted, unless others have
  // changed it before.
  const isUnchanged = noted?.text !== GONE &&
    await target.check({ before: noted, now: await target.look() }).then(() => true, (error) => {
      if (error instanceof LoadError) return false;
      throw error;
    });
  await makeKept(host);
  if (isUnchanged) await noteTable(host, record, (await target.look()).text);
}
