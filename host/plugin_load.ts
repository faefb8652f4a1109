/**
 * One load of a plugin backend: its lanes, its load row, its batches.
 *
 * Invariants
 * - A lane writes one batch at a time; a batch waits for a free lane.
 * - The lanes are leased for as long as the load lives and given back whole.
 */
import type { BackendLoad, RowCounts, WriteResult } from "../src/backend.ts";
import type { Batch } from "../src/batch.ts";
import type { PoolShare } from "./connections/manager.ts";
import type { Lease } from "./connections/pool.ts";
import type { LoadOrder, LoadRecord } from "./drivers/driver.ts";

/** See the head of this file. */
export class PluginLoad implements BackendLoad {
  readonly #order: LoadOrder;
  readonly #record: LoadRecord;
  readonly #leases: readonly Lease[];
  readonly #share: PoolShare;
  readonly #free: Lease[];
  readonly #waiting: ((lease: Lease) => void)[] = [];

  private constructor(
    order: LoadOrder,
    record: LoadRecord,
    leases: readonly Lease[],
    share: PoolShare,
  ) {
    this.#order = order;
    this.#record = record;
    this.#leases = leases;
    this.#free = [...leases];
    this.#share = share;
  }

  /** Leases the lanes, prepares the load on the first, and lets all of them join. @throws {LoadError} */
  static async open(order: LoadOrder, share: PoolShare, laneCount: number): Promise<PluginLoad> {
    const leases: Lease[] = [];
    try {
      for (let i = 0; i < laneCount; i++) leases.push(await share.pool.lease());
      const record = await leases[0]!.connection.prepareLoad(order);
      for (const { connection } of leases) await connection.joinLoad(order, record);
      return new PluginLoad(order, record, leases, share);
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
      return await lease.connection.writeBatch(batch);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(lease);
      else this.#free.push(lease);
    }
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
