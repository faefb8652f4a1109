/**
 * How a batch begins and ends beside its rows: that the target is the table which the load has filled,
 * that no other batch has bytes of it, and what has become of it in its ledger row.
 */
import type { RowCounts } from "../../../src/backend.ts";
import type { Batch, RejectedRow } from "../../../src/batch.ts";
import type { Cell } from "../../codec/codec.ts";
import type { LoadOrder, LoadRecord } from "../driver.ts";
import type { Database } from "./family.ts";
import { type HostTables, Verbatim } from "./host_tables.ts";
import { closingStatement } from "./ledger.ts";
import { noteTable } from "./load_row.ts";
import type { SqlSession } from "./session.ts";
import {
  checkTable,
  GONE,
  keptState,
  lookAtTable,
  type TableState,
  type TableWatch,
} from "./table_watch.ts";
import { OtherBatch } from "./write_outcome.ts";

/** Of which load, and by what. */
export interface ClosingOptions<Session extends SqlSession> {
  readonly database: Database<Session>;
  readonly host: HostTables;
  readonly order: LoadOrder;
  readonly record: LoadRecord;
  /** Watches the target; nothing does where rows go to a table of the load's own. */
  readonly watch?: TableWatch;
}

/** See the head of this file. */
export class BatchClosing<Session extends SqlSession> {
  readonly #options: ClosingOptions<Session>;
  #known: TableState | undefined;
  /** The target as the batch in hand has left it, once that is committed. */
  #seen: TableState | undefined;

  /** The target is at first what the load row says. */
  constructor(options: ClosingOptions<Session>) {
    this.#options = options;
    this.#known = keptState(options.record.table);
  }

  /** The target as it was after the last batch. */
  get known(): TableState | undefined {
    return this.#known;
  }

  /** The batch in hand is committed. */
  committed(): void {
    this.#known = this.#seen ?? this.#known;
  }

  /**
   * Holds the target against what it was after the last batch, before rows of this one are in it.
   *
   * @throws {TableChanged}
   */
  async begin(): Promise<void> {
    const { watch, host, order, record } = this.#options;
    this.#seen = undefined;
    if (!watch?.looksBefore) return;
    const now = await lookAtTable({ host, watch }, this.#known);
    await checkTable({ host, watch, order, record }, this.#known, now);
  }

  /**
   * Writes down what has become of a batch, and looks at the table, which nobody can change by now.
   *
   * @throws {OtherBatch}, {TableChanged}
   */
  async close(
    batch: Batch,
    counts: RowCounts,
    rejects: readonly RejectedRow[],
  ): Promise<void> {
    const { database: { session, family }, watch, host, order, record } = this.#options;
    const table = new Verbatim(watch?.sql(undefined) ?? "NULL");
    const closing = closingStatement(host, batch, { order, record, counts, rejects, table });
    const lock = order.replays === undefined ? family.commitLock?.(record.id) : undefined;
    const [locked, answer] = await Promise.allSettled([
      lock === undefined ? undefined : session.ask({ sql: lock, args: [], repeats: true }),
      session.ask(closing),
    ]);
    for (const outcome of [locked, answer]) {
      if (outcome.status === "rejected") throw outcome.reason;
    }
    const [closed] = (answer as PromiseFulfilledResult<Cell[][]>).value;
    if (!closed) throw new OtherBatch(batch);
    if (!watch) return;
    const [state, noted] = closed;
    const now = watch.read(state!);
    const known = this.#known;
    const before = noted === GONE ? keptState(GONE) : watch.looksBefore ? undefined : known;
    await checkTable({ host, watch, order, record }, before, now);
    if (watch.looksBefore && known && watch.tellsMore(known, now)) {
      await noteTable(host, record, now.text);
    }
    this.#seen = now;
  }
}
