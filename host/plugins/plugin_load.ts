/**
 * One load of a plugin backend: its lanes, its load row, its batches.
 *
 * Invariants
 * - A batch goes to the lane that has the fewest, and of those to the one that was given one the
 *   longest ago. A lane writes its batches in the order in which they came.
 * - The lanes are leased for as long as the load lives and given back whole.
 */
import type {
  BackendLoad,
  BatchKey,
  KeepRejects,
  LedgerBatch,
  LoadedAnew,
  LoadTotals,
  WriteOptions,
  WriteResult,
} from "../../src/model/backend.ts";
import {
  type Batch,
  type BatchRange,
  type Column,
  shapeKey,
  tableLabel,
  type TableName,
} from "../../src/model/batch.ts";
import type { World } from "../../src/model/world.ts";
import { retried } from "../connections/attempts.ts";
import type { Retry } from "../../src/model/retry.ts";
import type { PoolShare } from "../connections/manager.ts";
import type { Lease } from "../connections/pool.ts";
import type {
  BatchGroups,
  Connection,
  LoadOrder,
  LoadRecord,
  PreparedLoad,
} from "../drivers/driver.ts";
import { LaneGate } from "../batch_order/lane_gate.ts";
import { type Classify, type LaneBreaker, LoadLane } from "../batch_order/load_lane.ts";
import type { LaneShape, ReadRange } from "../batch_order/lane_job.ts";
import type { LoadSizes } from "../batch_order/range_size.ts";

/** How many lanes a load has. */
export interface LaneCount {
  readonly wanted: number;
  /** Whether to wait for all of them; else for one, and the load begins with those that are free. */
  readonly required: boolean;
}

/** How a load goes on whose table has changed. */
export interface Replanned extends Pick<LoadOrder, "shape" | "plan" | "planHash"> {
  /** See {@linkcode Batch.optional}. */
  readonly optional: readonly Column[];
}

/** What a load is opened with. */
export interface PluginLoadOptions {
  readonly lanes: LaneCount;
  readonly sizes: LoadSizes;
  readonly classify: Classify;
  readonly world: World;
  /** Hears of batches and connections that failed for a while, and refuses more while it is open. */
  readonly breaker: LaneBreaker;
  /** Ends waiting for a further attempt. */
  readonly signal?: AbortSignal;
  /** Hears of each further attempt, before it is waited for. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
  /** See {@linkcode Batch.optional}. */
  readonly optional: readonly Column[];
  /** Shape and plan from the table as it is now; undefined where there are none. */
  replan(): Promise<Replanned | undefined>;
  /** The rows of a batch in groups, with their plans. @throws {LoadError} */
  group(batch: Batch): Promise<BatchGroups>;
}

/** Where nobody wants the rows that are left out. */
const keepNothing: KeepRejects = () => Promise.resolve();

/** One load of a plugin backend: its lanes, its load row, its batches. */
export class PluginLoad implements BackendLoad {
  #order: LoadOrder;
  #optional: readonly Column[];
  #replanned: Promise<Replanned | undefined> | undefined;
  readonly #prepared: PreparedLoad;
  /** Whether ranges are written while they are read. */
  readonly #writesRanges: boolean;
  /** The one that was given a batch the longest ago comes first. */
  readonly #lanes: LoadLane[];
  readonly #share: PoolShare;
  readonly #options: PluginLoadOptions;

  private constructor(
    order: LoadOrder,
    prepared: PreparedLoad,
    leases: readonly Lease[],
    share: PoolShare,
    options: PluginLoadOptions & { readonly writesRanges: boolean },
  ) {
    this.#order = order;
    this.#writesRanges = options.writesRanges;
    this.#optional = options.optional;
    this.#prepared = prepared;
    this.#share = share;
    this.#options = options;
    const gate = new LaneGate();
    const { classify, world, breaker, signal } = options;
    this.#lanes = leases.map((lease) =>
      new LoadLane({
        lease,
        shape: this.#shape,
        reopen: () => this.#reopen(),
        rejoin: (connection, shape) => this.#rejoin(connection, shape),
        group: options.group,
        classify,
        gate,
        world,
        breaker,
        ...(signal ? { signal } : {}),
        onRetry: options.onRetry,
      })
    );
  }

  /** Leases the lanes, prepares the load on the first, and lets all of them join. @throws {LoadError} */
  static async open(
    order: Omit<LoadOrder, "concurrent" | "batchRowsMax" | "batchBytesMax">,
    share: PoolShare,
    options: PluginLoadOptions,
  ): Promise<PluginLoad> {
    const { range, bytes, rows } = options.sizes;
    const limits = { batchRowsMax: rows.value, batchBytesMax: (range ?? bytes).value };
    const leases = await leaseAll(share, options.lanes);
    try {
      const whole = { ...order, ...limits, concurrent: leases.length > 1 };
      const prepared = await leases[0]!.connection.prepareLoad(whole);
      const { record } = prepared;
      await allDone(leases.map(({ connection }) => connection.joinLoad(whole, record)));
      // A load that was begun with fewer rows a batch goes on with these.
      const ranges = range !== undefined && prepared.batchRowsMax >= rows.value;
      const writesRanges = ranges && await allWriteRanges(leases);
      return new PluginLoad(whole, prepared, leases, share, { ...options, writesRanges });
    } catch (error) {
      await releaseAll(leases);
      throw error;
    }
  }

  get id(): string {
    return this.#record.id;
  }

  get run(): string | undefined {
    return this.#order.run;
  }

  get generation(): number {
    return this.#record.generation;
  }

  get batches(): readonly LedgerBatch[] {
    return this.#prepared.batches;
  }

  get notes(): readonly string[] {
    return this.#prepared.notes ?? [];
  }

  get complete(): boolean {
    return this.#prepared.complete;
  }

  get loadedAnew(): LoadedAnew | undefined {
    return this.#prepared.loadedAnew;
  }

  get replayed(): readonly LedgerBatch[] | undefined {
    return this.#prepared.replayed;
  }

  marksOf({ part, byteOffset }: BatchKey): Promise<Uint8Array | undefined> {
    const [lane] = this.#lanes;
    return lane!.lease.connection.readMarks(this.#order, this.#record, { part, byteOffset });
  }

  get planHash(): string {
    return this.#order.planHash;
  }

  get lanes(): number {
    return this.#lanes.length;
  }

  get batchRowsMax(): number {
    return this.#prepared.batchRowsMax;
  }

  get batchBytesMax(): number {
    return Math.min(this.#prepared.batchBytesMax, this.#options.sizes.bytesMax);
  }

  get rangeBytesMax(): number | undefined {
    return this.#writesRanges ? this.#prepared.batchBytesMax : undefined;
  }

  get chosenBy(): NonNullable<BackendLoad["chosenBy"]> {
    const { range, bytes, rows } = this.#options.sizes;
    const { batchRowsMax, batchBytesMax } = this.#prepared;
    const ranges = batchBytesMax === this.#order.batchBytesMax
      ? (range ?? bytes).by
      : "earlier_run";
    return {
      batchRowsMax: batchRowsMax === this.#order.batchRowsMax ? rows.by : "earlier_run",
      batchBytesMax: this.batchBytesMax === bytes.value ? bytes.by : ranges,
      rangeBytesMax: ranges,
    };
  }

  write(batch: Batch, options: WriteOptions = {}): Promise<WriteResult> {
    const { rejectsMax = 0, keep = keepNothing } = options;
    return this.#nextLane().write(batch, { rejectsMax, keep });
  }

  writeRange(range: BatchRange, read: ReadRange): Promise<WriteResult> {
    const options = { rejectsMax: 0, keep: keepNothing };
    return this.#nextLane().writeRange(range, read, options);
  }

  /** Ends the load; where the answer is lost, the load row tells what became of it. */
  async finish(totals: LoadTotals): Promise<void> {
    const lane = this.#lanes[0]!;
    await retried(async () => {
      if (!lane.lease.connection.usable) await lane.reopen();
      await lane.lease.connection.finishLoad(this.#order, this.#record, totals);
    }, {
      ...this.#options,
      step: "finish",
      isTransient: ({ retry, code }) => retry || code === "commit_unknown",
    });
    await this.#release();
  }

  async abandon(): Promise<string | undefined> {
    let left: string | undefined;
    const usable = this.#lanes.find(({ lease }) => lease.connection.usable);
    try {
      if (usable) await usable.lease.connection.abandonLoad(this.#order, this.#record);
      else await this.#abandonElsewhere();
    } catch {
      // The database is gone: the load row stays at `running`, and whoever goes on finds it so.
      left = missingIndexes(this.#record.indexes ?? 0, this.#order.shape.table);
    }
    await this.#release();
    return left;
  }

  get #shape(): LaneShape {
    return { shape: this.#order.shape, optional: this.#optional };
  }

  get #record(): LoadRecord {
    return this.#prepared.record;
  }

  #nextLane(): LoadLane {
    const lanes = this.#lanes;
    let at = 0;
    for (let i = 1; i < lanes.length; i++) if (lanes[i]!.batches < lanes[at]!.batches) at = i;
    const [lane] = lanes.splice(at, 1);
    lanes.push(lane!);
    return lane!;
  }

  /** A connection in the place of one that was lost. */
  async #reopen(): Promise<Lease> {
    const lease = await this.#share.pool.lease();
    try {
      await lease.connection.joinLoad(this.#order, this.#record);
      return lease;
    } catch (error) {
      await lease.release();
      throw error;
    }
  }

  /**
   * Lets a connection whose batch met a column that is gone join again by a plan for the table as it
   * is now. There is one such plan in a load.
   */
  async #rejoin(connection: Connection, { shape }: LaneShape): Promise<LaneShape | undefined> {
    if (this.#order.shape === shape) {
      this.#replanned ??= this.#options.replan();
      const replanned = await this.#replanned;
      if (!replanned || replanned.shape === shape || !this.#differs(replanned)) return undefined;
      const { optional, ...plan } = replanned;
      this.#order = { ...this.#order, ...plan };
      this.#optional = optional;
    }
    await connection.joinLoad(this.#order, this.#record);
    return this.#shape;
  }

  #differs({ shape, optional }: Replanned): boolean {
    const names = (columns: readonly Column[]) => JSON.stringify(columns.map(({ name }) => name));
    return shapeKey(shape) !== shapeKey(this.#order.shape) ||
      names(optional) !== names(this.#optional);
  }

  /** Every lane is broken: a new connection says that the load has stopped. */
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

/** Whether every lane writes ranges. */
async function allWriteRanges(leases: readonly Lease[]): Promise<boolean> {
  const answers = leases.map(({ connection }) =>
    connection.writesRanges?.() ?? Promise.resolve(false)
  );
  return (await allDone(answers)).every((writes) => writes);
}

/** What is said of indexes that could not be made again. */
function missingIndexes(count: number, table: TableName): string | undefined {
  if (count === 0) return undefined;
  const [indexes, are, them] = count === 1 ? ["index", "is", "it"] : ["indexes", "are", "them"];
  return `${count} ${indexes} of ${
    tableLabel(table)
  } ${are} not there: the same command completes ` +
    `the load and makes ${them} again; the statements for it stand in _snakepipe_index`;
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

/** Waits for all of them, whatever fails: nothing is under way any more. @throws what one has thrown */
async function allDone<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work);
  return await Promise.all(work);
}

async function releaseAll(leases: readonly Lease[]): Promise<void> {
  await Promise.all(leases.map((lease) => lease.release()));
}
