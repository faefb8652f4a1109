/**
 * One load of a plugin backend: its lanes, its load row, its batches.
 *
 * Invariants
 * - A batch goes to the lane that has the fewest, and of those to the one that was given one the
 *   longest ago. A lane writes its batches in the order in which they came.
 * - The lanes are leased for as long as the load lives and given back whole.
 */
import type { BackendLoad, RowCounts, WriteResult } from "../src/backend.ts";
import type { Batch } from "../src/batch.ts";
import type { FailureKind } from "../src/failure.ts";
import type { Breaker } from "./connections/breaker.ts";
import type { PoolShare } from "./connections/manager.ts";
import type { Lease } from "./connections/pool.ts";
import type { LoadOrder, LoadRecord } from "./drivers/driver.ts";

/** What a code means that the driver does not know. */
export type Classify = (code: string) => Promise<FailureKind>;

/** Who hears what became of a batch. */
interface Judges {
  readonly classify: Classify;
  readonly breaker: Pick<Breaker, "failed" | "succeeded">;
}

/** How long to wait before a batch is tried again that the plugin's word would let pass. */
const RETRY_AFTER_MS = 1_000;

/** How many lanes a load has. */
export interface LaneCount {
  readonly wanted: number;
  /** Whether to wait for all of them; else for one, and the load begins with those that are free. */
  readonly required: boolean;
}

interface Lane {
  readonly lease: Lease;
  /** Batches that it was given and has not answered. */
  batches: number;
}

/** See the head of this file. */
export class PluginLoad implements BackendLoad {
  readonly #order: LoadOrder;
  readonly #record: LoadRecord;
  /** The one that was given a batch the longest ago comes first. */
  readonly #lanes: Lane[];
  readonly #share: PoolShare;
  readonly #classify: Classify;
  readonly #breaker: Pick<Breaker, "failed" | "succeeded">;

  private constructor(
    order: LoadOrder,
    record: LoadRecord,
    leases: readonly Lease[],
    share: PoolShare,
    judges: Judges,
  ) {
    this.#classify = judges.classify;
    this.#breaker = judges.breaker;
    this.#order = order;
    this.#record = record;
    this.#lanes = leases.map((lease) => ({ lease, batches: 0 }));
    this.#share = share;
  }

  /** Leases the lanes, prepares the load on the first, and lets all of them join. @throws {LoadError} */
  static async open(
    order: LoadOrder,
    share: PoolShare,
    options: Judges & { readonly lanes: LaneCount },
  ): Promise<PluginLoad> {
    const { lanes } = options;
    const leases = await leaseAll(share, lanes);
    try {
      const record = await leases[0]!.connection.prepareLoad(order);
      await Promise.all(leases.map(({ connection }) => connection.joinLoad(order, record)));
      return new PluginLoad(order, record, leases, share, options);
    } catch (error) {
      await releaseAll(leases);
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
    return this.#lanes.length;
  }

  get batchRowsMax(): number {
    return this.#order.batchRowsMax;
  }

  get batchBytesMax(): number {
    return this.#order.batchBytesMax;
  }

  async write(batch: Batch): Promise<WriteResult> {
    const lane = this.#nextLane();
    lane.batches++;
    try {
      const result = await this.#judged(await lane.lease.connection.writeBatch(batch));
      if (result.kind === "written") await this.#breaker.succeeded();
      else if (result.kind === "retry" || result.kind === "fatal") {
        await this.#breaker.failed(result.failure);
      }
      return result;
    } finally {
      lane.batches--;
    }
  }

  #nextLane(): Lane {
    const lanes = this.#lanes;
    let at = 0;
    for (let i = 1; i < lanes.length; i++) if (lanes[i]!.batches < lanes[at]!.batches) at = i;
    const [lane] = lanes.splice(at, 1);
    lanes.push(lane!);
    return lane!;
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
    await this.#lanes[0]!.lease.connection.finishLoad(this.#order, this.#record, totals);
    await this.#release();
  }

  async abandon(): Promise<void> {
    const usable = this.#leases.find(({ connection }) => connection.usable);
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
    await releaseAll(this.#leases);
    const lease = await this.#share.pool.lease();
    try {
      await lease.connection.abandonLoad(this.#order, this.#record);
    } finally {
      await lease.release();
    }
  }

  get #leases(): readonly Lease[] {
    return this.#lanes.map(({ lease }) => lease);
  }

  async #release(): Promise<void> {
    await releaseAll(this.#leases);
    await this.#share.release();
  }
}

/** Leases connections, opened side by side; none is kept where one fails. */
async function leaseAll(
  { pool }: PoolShare,
  { wanted, required }: LaneCount,
): Promise<readonly Lease[]> {
  const count = required ? wanted : Math.max(1, Math.min(wanted, pool.free));
  const outcomes = await Promise.allSettled(Array.from({ length: count }, () => pool.lease()));
  const leases = outcomes.flatMap((o) => o.status === "fulfilled" ? [o.value] : []);
  const failed = outcomes.find((o) => o.status === "rejected");
  if (!failed) return leases;
  await releaseAll(leases);
  throw failed.reason;
}

async function releaseAll(leases: readonly Lease[]): Promise<void> {
  await Promise.all(leases.map((lease) => lease.release()));
}
