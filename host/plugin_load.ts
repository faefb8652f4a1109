/**
 * One load of a plugin backend: its lanes, its load row, its batches.
 *
 * Invariants
 * - A lane writes one batch at a time; a batch waits for a free lane.
 * - The lanes are leased for as long as the load lives and given back whole.
 */
import type { BackendLoad, RowCounts, WriteResult } from "../src/backend.ts";
import type { Batch } from "../src/batch.ts";
import type { FailureKind } from "../src/failure.ts";
import type { PoolShare } from "./connections/manager.ts";
import type { Lease } from "./connections/pool.ts";
import type { LoadOrder, LoadRecord } from "./drivers/driver.ts";

/** What a code means that the driver does not know. */
export type Classify = (code: string) => Promise<FailureKind>;

/** How long to wait before a batch is tried again that the plugin's word would let pass. */
const RETRY_AFTER_MS = 1_000;

/** See the head of this file. */
export class PluginLoad implements BackendLoad {
  readonly #order: LoadOrder;
  readonly #record: LoadRecord;
  readonly #leases: readonly Lease[];
  readonly #share: PoolShare;
  readonly #classify: Classify;
  readonly #free: Lease[];
  readonly #waiting: ((lease: Lease) => void)[] = [];

  private constructor(
    order: LoadOrder,
    record: LoadRecord,
    leases: readonly Lease[],
    share: PoolShare,
    classify: Classify,
  ) {
    this.#classify = classify;
    this.#order = order;
    this.#record = record;
    this.#leases = leases;
    this.#free = [...leases];
    this.#share = share;
  }

  /** Leases the lanes, prepares the load on the first, and lets all of them join. @throws {LoadError} */
  static async open(
    order: LoadOrder,
    share: PoolShare,
    options: { readonly laneCount: number; readonly classify: Classify },
  ): Promise<PluginLoad> {
    const { laneCount, classify } = options;
    const leases: Lease[] = [];
    try {
      for (let i = 0; i < laneCount; i++) leases.push(await share.pool.lease());
      const record = await leases[0]!.connection.prepareLoad(order);
      for (const { connection } of leases) await connection.joinLoad(order, record);
      return new PluginLoad(order, record, leases, share, classify);
    } catch (error) {
      await Promise.all(leases.map((lease) => lease.release()));
      throw error;
    }
  }

  get id(): string {
    return this.#record.id;
  }

  get generation(): number {
    return this.#record.generation;
  }

  get planHash(): string {
    return this.#order.planHash;
  }

  get lanes(): number {
    return this.#leases.length;
  }

  get batchRowsMax(): number {
    return this.#order.batchRowsMax;
  }

  get batchBytesMax(): number {
    return this.#order.batchBytesMax;
  }

  async write(batch: Batch): Promise<WriteResult> {
    const lease = this.#free.pop() ??
      await new Promise<Lease>((resolve) => this.#waiting.push(resolve));
    try {
      return await this.#judged(await lease.connection.writeBatch(batch));
    } finally {
      const next = this.#waiting.shift();
      if (next) next(lease);
      else this.#free.push(lease);
    }
  }

  /** A code that the driver does not know is the plugin's to classify; a lost commit is nobody's. */
  async #judged(result: WriteResult): Promise<WriteResult> {
    if (result.kind !== "fatal" || result.failure.kind !== "unknown") return result;
    if (result.failure.commitUnknown) return result;
    const failure = { ...result.failure, kind: await this.#classify(result.failure.code) };
    return failure.kind === "unavailable" || failure.kind === "conflict"
      ? { kind: "retry", failure, afterMs: RETRY_AFTER_MS }
      : { kind: "fatal", failure };
  }

  async finish(totals: RowCounts): Promise<void> {
    await this.#leases[0]!.connection.finishLoad(this.#order, this.#record, totals);
    await this.#release();
  }

  async abandon(): Promise<void> {
    const usable = this.#leases.find((lease) => lease.connection.usable);
    try {
      if (usable) await usable.connection.abandonLoad(this.#order, this.#record);
      else await this.#abandonElsewhere();
    } catch {
      // The database is gone: the load row stays at `running`, and the next replace clears up.
    }
    await this.#release();
  }

  /** Every lane is broken: a new connection says that the load has ended. */
  async #abandonElsewhere(): Promise<void> {
    await Promise.all(this.#leases.map((lease) => lease.release()));
    const lease = await this.#share.pool.lease();
    try {
      await lease.connection.abandonLoad(this.#order, this.#record);
    } finally {
      await lease.release();
    }
  }

  async #release(): Promise<void> {
    await Promise.all(this.#leases.map((lease) => lease.release()));
    await this.#share.release();
  }
}
