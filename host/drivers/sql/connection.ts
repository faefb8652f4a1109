/**
 * A connection to any SQL database that its family describes. After a call that threw, no transaction
 * is open; still the connection is to be closed.
 */
import type { BatchKey, KeepRejects, LiveTable, LoadTotals } from "../../../src/backend.ts";
import { type Batch, tableLabel, type TableName } from "../../../src/batch.ts";
import { LoadError } from "../../../src/errors.ts";
import { failureError } from "../../../src/failure.ts";
import type { SlotNames } from "../../../src/policy/slot.ts";
import type { Codec } from "../../codec/codec.ts";
import type {
  BatchAnswer,
  BatchOrder,
  Connection,
  EarlierLoad,
  LoadOrder,
  LoadRecord,
  PreparedLoad,
  ProbeAnswer,
} from "../driver.ts";
import { BatchWriter } from "./batch_writer.ts";
import { createHostTables } from "./create_host_tables.ts";
import type { Database, FailureContext } from "./family.ts";
import { finish } from "./finish.ts";
import { HostTables, Verbatim } from "./host_tables.ts";
import { insertText } from "./insert_text.ts";
import { isEmpty } from "./is_empty.ts";
import { findBatches, findMarks, ledgerTotals } from "./ledger.ts";
import {
  batchesOf,
  dropLeftovers,
  endLoad,
  insertLoad,
  lastLoad,
  loadedAnew,
  notedTable,
  noteRowsGone,
  noteTable,
  reopenLoad,
} from "./load_row.ts";
import { checkShape, checkSource, checkTableName, dropAside, render, slotNames } from "./names.ts";
import { narrowNotes } from "./narrow_notes.ts";
import { changeSchema } from "./schema_change.ts";
import type { SqlSession } from "./session.ts";
import { checkTable, GONE, keptState, lookAtTable } from "./table_watch.ts";
import type { TableState, TableWatch } from "./table_watch.ts";
import { CommitError, inTransaction } from "./transaction.ts";
import { qualified } from "./words.ts";

/** See {@linkcode Connection}. */
export class SqlConnection<Session extends SqlSession> implements Connection {
  readonly #database: Database<Session>;
  readonly #session: Session;
  readonly #codec: Codec;
  #writer: BatchWriter<Session> | undefined;

  /** Takes over the session. */
  constructor(database: Database<Session>, codec: Codec) {
    this.#database = database;
    this.#session = database.session;
    this.#codec = codec;
  }

  get usable(): boolean {
    return this.#session.usable;
  }

  run(statements: readonly string[]): Promise<void> {
    return this.#doing({ what: "A statement of the plugin's session" }, async () => {
      for (const sql of statements) await this.#session.setUp(sql);
    });
  }

  probe(statement: string): Promise<ProbeAnswer> {
    return this.#doing({ what: "The health probe" }, async () => {
      const started = performance.now();
      const value = await this.#session.probe(statement);
      return { latencyMs: performance.now() - started, text: String(value ?? "") };
    });
  }

  read(query: string): Promise<(string | null)[][]> {
    return this.#doing({ what: "A query" }, async () => {
      const rows = await this.#session.all(query);
      return rows.map((row) => row.map((cell) => cell === null ? null : String(cell)));
    });
  }

  describeTable(table: TableName): Promise<LiveTable | undefined> {
    return this.#doing({ what: `Reading the columns of ${tableLabel(table)}`, table }, async () => {
      checkTableName(this.#database.family.words, table);
      return await this.#database.family.readLiveTable(this.#session, table);
    });
  }

  prepareLoad(order: LoadOrder): Promise<PreparedLoad> {
    return this.#ofLoad("Preparing the load into", order, { creating: true }, (host) => {
      const prepare = () =>
        this.#transaction(async () => {
          await createHostTables(host, order);
          return await this.#prepare(host, order);
        });
      const { session, family } = this.#database;
      return family.exclusively?.(session, prepare) ?? prepare();
    });
  }

  async #prepare(host: HostTables, order: LoadOrder): Promise<PreparedLoad> {
    const { shape, plan, fresh, replays } = order;
    const { table, mode } = shape;
    const { family } = this.#database;
    const live = await family.readLiveTable(this.#session, table);
    const there = live !== undefined;
    const target = { place: host.place, table, shape, plan, there };
    const notes = [
      ...await family.checkTarget?.(this.#session, target) ?? [],
      ...live ? narrowNotes(live, shape) : [],
    ];
    const last = there && mode !== "replace" ? await lastLoad(host, order) : undefined;
    const goesOn = last && !fresh && (last.mode === mode || order.anyMode) ? last : undefined;
    const prepared = goesOn && await this.#goOn(host, order, goesOn) ||
      await this.#begin(host, order, { there, again: last !== undefined });
    const replayed = replays === undefined ? undefined : await batchesOf(host, replays);
    const anew = replays === undefined ? undefined : await loadedAnew(host, replays, GONE);
    return {
      ...prepared,
      ...(anew ? { loadedAnew: anew } : {}),
      ...(replayed ? { replayed } : {}),
      ...(notes.length > 0 ? { notes } : {}),
    };
  }

  /** Takes up a load again; undefined where its rows are gone for certain, and it is to begin anew. */
  async #goOn(
    host: HostTables,
    order: LoadOrder,
    { record, batchRowsMax, batchBytesMax, complete }: EarlierLoad,
  ): Promise<PreparedLoad | undefined> {
    const batches = await findBatches(host, record);
    const filled = batches.some(({ counts }) => counts.committed > 0);
    const target = { place: host.place, table: order.shape.table };
    // Whoever emptied the table, or made it anew, wants it filled.
    if (filled && await isEmpty(this.#database, target)) return undefined;
    const watched = { host, watch: await this.#watch(host, order), order, record };
    const now = await lookAtTable(watched);
    if (filled && !order.sameTable) {
      if (record.table === GONE) return undefined;
      await checkTable(watched, { before: keptState(record.table), now });
    }
    await reopenLoad(host, record);
    return await noted(host, { record, batchRowsMax, batchBytesMax, batches, complete }, now);
  }

  async #begin(
    host: HostTables,
    order: LoadOrder,
    { there, again }: {
      readonly there: boolean;
      /** Whether the source was loaded into this table before. */
      readonly again: boolean;
    },
  ): Promise<PreparedLoad> {
    const { shape, plan, batchRowsMax, batchBytesMax } = order;
    if (shape.mode === "replace") await dropLeftovers(host, order);
    const run = (statements: readonly string[], id: string) => {
      const names = this.#names(host, order, { id, generation: 0 });
      return changeSchema(this.#session, host.words, statements.map((sql) => render(sql, names)));
    };
    if (!there) {
      // Where no table is, no row is there that was loaded before.
      await noteRowsGone(host, undefined, { gone: GONE });
      // Before the load is known: else one that stops in between is begun a second time.
      await run(plan.create, "");
    }
    const record = await insertLoad(host, order);
    if (there && again) await this.#noteEmptied(host, record, shape.table);
    await run(plan.prepare, record.id);
    const target = { place: host.place, table: shape.table };
    if (!there) await this.#database.family.created?.(this.#session, target);
    const now = await lookAtTable({ host, watch: await this.#watch(host, order) });
    const begun = { record, batchRowsMax, batchBytesMax, batches: [], complete: false };
    return await noted(host, begun, now);
  }

  /** Where the table is empty, no row is there that was loaded before. */
  async #noteEmptied(host: HostTables, record: LoadRecord, table: TableName): Promise<void> {
    if (!await isEmpty(this.#database, { place: host.place, table })) return;
    const name = qualified(host.words, host.place.schema, table.name);
    // Another load may have filled it since that look.
    const where = new Verbatim(`AND NOT EXISTS (SELECT 1 FROM ${name})`);
    await noteRowsGone(host, record, { gone: GONE, where });
  }

  joinLoad(order: LoadOrder, record: LoadRecord): Promise<void> {
    return this.#ofLoad("Joining the load into", order, {}, async (host) => {
      this.#writer = await BatchWriter.join({
        database: this.#database,
        host,
        codec: this.#codec,
        order,
        record,
        // A replace loads into a table of its own.
        watch: order.shape.mode === "replace" ? undefined : await this.#watch(host, order),
      });
    });
  }

  readMarks(
    order: LoadOrder,
    record: LoadRecord,
    batch: BatchKey,
  ): Promise<Uint8Array | undefined> {
    return this.#ofLoad(
      "Reading the ledger of",
      order,
      {},
      (host) => findMarks(host, record, batch),
    );
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

  async finishLoad(order: LoadOrder, record: LoadRecord, totals: LoadTotals): Promise<void> {
    const replacing = order.shape.mode === "replace";
    await this.#ofLoad("Finishing the load into", order, { replacing }, async (host) => {
      const names = this.#names(host, order, record);
      const watch = await this.#watch(host, order);
      const known = this.#writer?.known;
      await this.#transaction(() =>
        finish(this.#database, host, { order, record, totals, names, watch, known })
      );
      if (replacing && host.words.ddlCommits) {
        await this.#session.run(`DROP TABLE IF EXISTS ${names.aside}`);
      }
    });
    this.#writer = undefined;
  }

  async abandonLoad(order: LoadOrder, record: LoadRecord): Promise<void> {
    const { mode, table } = order.shape;
    await this.#ofLoad("Giving up the load into", order, {}, async (host) => {
      await this.#transaction(async () => {
        for (const sql of this.#database.family.beforeAbandoning) await this.#session.run(sql);
        const { committed } = await ledgerTotals(host, record);
        await endLoad(host, record, { state: "failed", committed, running: true });
        const known = this.#writer?.known;
        if (known && await notedTable(host, record) !== GONE) {
          await noteTable(host, record, known.text);
        }
        if (mode !== "replace") return;
        await changeSchema(this.#session, host.words, [dropAside(host, table, record.id)]);
      });
    });
    this.#writer = undefined;
  }

  async close(): Promise<void> {
    this.#writer = undefined;
    await this.#session.close();
  }

  /** Refuses what can be known to fail without the database. @throws {LoadError} */
  #check({ shape, plan, source }: LoadOrder): void {
    const { family } = this.#database;
    checkSource(family.words, source);
    checkShape(family.words, shape);
    family.checkTable?.(shape.table);
    family.checkPlan?.(this.#session, { shape, plan });
    const names = slotNames(family.words, shape, { schema: undefined, loadId: "" });
    insertText(family.words, plan.write, names);
  }

  #watch({ place }: HostTables, { shape }: LoadOrder): Promise<TableWatch> {
    return this.#database.family.watchTable(this.#session, { place, table: shape.table, shape });
  }

  #names(
    { words, place: { schema } }: HostTables,
    order: LoadOrder,
    { id }: LoadRecord,
  ): SlotNames {
    return slotNames(words, order.shape, { schema, loadId: id });
  }

  async #transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.#session.fit?.([]);
    return await inTransaction(this.#session, work);
  }

  #ofLoad<T>(
    what: string,
    order: LoadOrder,
    about: Pick<FailureContext, "creating" | "replacing">,
    work: (host: HostTables) => Promise<T>,
  ): Promise<T> {
    const { table, columns } = order.shape;
    const names = columns.map(({ name }) => name);
    const context = { what: `${what} ${tableLabel(table)}`, table, columns: names, ...about };
    return this.#doing(context, async () => {
      this.#check(order);
      const { session, family } = this.#database;
      const place = await family.placeOf(session, table);
      return await work(new HostTables(session, { words: family.words, place }));
    });
  }

  async #doing<T>(about: Omit<FailureContext, "endpoint">, work: () => Promise<T>): Promise<T> {
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

/** A load that is ready, once it is written down how its table is now. */
async function noted(
  host: HostTables,
  load: PreparedLoad,
  { text: table }: TableState,
): Promise<PreparedLoad> {
  await noteTable(host, load.record, table);
  return { ...load, record: { ...load.record, table } };
}
