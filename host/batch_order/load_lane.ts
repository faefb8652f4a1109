/**
 * One lane of a load: the one place where its batches wait, in the order in which they came, until each
 * is settled.
 *
 * Invariants
 * - One batch is written at a time, and the next one is made ready meanwhile. Where the first is not
 *   written, the next one is taken back: it never overtakes.
 * - Nothing is sent again blindly: a batch begins with its ledger row, so one that is in after all,
 *   its COMMIT unanswered, is recognised.
 * - After a batch that will not be written, the lane writes nothing any more.
 * - A range is written while it is read. Where that does not come to its end, nothing of it is in, and
 *   it is read as a batch.
 * - A batch whose rows vary comes back unwritten, is gathered into groups here, where plans are made,
 *   and is sent again with them.
 */
import { log } from "../../src/model/log.ts";
import type { WriteResult } from "../../src/model/backend.ts";
import type { Batch } from "../../src/model/batch.ts";
import { LoadError } from "../../src/model/errors.ts";
import { type Failure, failureError, type FailureKind } from "../../src/model/failure.ts";
import { reasonOf } from "../../src/load/retry.ts";
import type { Retry } from "../../src/model/retry.ts";
import type { World } from "../../src/model/world.ts";
import { Attempts } from "../connections/attempts.ts";
import type { Breaker } from "../connections/breaker.ts";
import type { Lease } from "../connections/pool.ts";
import type { BatchGroups, Connection, RangeResult } from "../drivers/driver.ts";
import { GroupForecast } from "./group_forecast.ts";
import type { LaneGate } from "./lane_gate.ts";
import {
  type Job,
  type JobOptions,
  type LaneBatch,
  type LaneRange,
  type LaneShape,
  notBegun,
  NOTHING_READ,
  type ReadRange,
  type ReadyJob,
} from "./lane_job.ts";

/** What a code means that the driver does not know. */
export type Classify = (code: string) => Promise<FailureKind>;

/** The backend's circuit breaker, as lanes need it. */
export type LaneBreaker = Pick<Breaker, "run" | "failed" | "succeeded">;

/** What a lane is made of. */
export interface LoadLaneOptions {
  readonly lease: Lease;
  /** What its batches are. */
  readonly shape: LaneShape;
  /** Another connection that has joined the load. */
  reopen(): Promise<Lease>;
  /**
   * Lets a connection join the load again whose batches had a column that is gone; what their shape is
   * now, or undefined where nothing has changed.
   */
  rejoin(connection: Connection, shape: LaneShape): Promise<LaneShape | undefined>;
  /** The rows of a batch in groups, with their plans. @throws {LoadError} */
  group(batch: Batch): Promise<BatchGroups>;
  readonly classify: Classify;
  readonly gate: LaneGate;
  readonly world: World;
  readonly breaker: LaneBreaker;
  /** Ends waiting: what is not written is not tried again. */
  readonly signal?: AbortSignal;
  /** Hears of each further attempt at a batch, before it is waited for. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
}

/** Why a batch is to be tried once more, and when. */
interface Again {
  readonly waitMs: number;
  readonly failure: Failure;
  /** Whether batches are to get another shape before. */
  readonly reshape?: boolean;
}

type Unwritten = Exclude<WriteResult | RangeResult, { kind: "written" }>;

/** One lane of a load: the batches that it was given, in order, until each is settled. */
export class LoadLane {
  readonly #options: LoadLaneOptions;
  /** The first is the one that is written. */
  readonly #jobs: Job[] = [];
  #lease: Lease;
  #shape: LaneShape;
  readonly #forecast = new GroupForecast();
  /** Whether the first is with the database. */
  #writing = false;
  #ended: { readonly error?: unknown } | undefined;

  /** A lane whose connection has joined the load. */
  constructor(options: LoadLaneOptions) {
    this.#options = options;
    this.#lease = options.lease;
    this.#shape = options.shape;
  }

  /** The connection, as it is now. */
  get lease(): Lease {
    return this.#lease;
  }

  /** Batches that are not settled. */
  get batches(): number {
    return this.#jobs.length;
  }

  /** Writes a batch behind those that were given before. */
  write(batch: LaneBatch, options: JobOptions): Promise<WriteResult> {
    return this.#add(
      { sequence: batch.sequence, batch, range: undefined, read: undefined },
      options,
    );
  }

  /** Writes a range, which is read as a batch where it is not written in one go. */
  writeRange(range: LaneRange, read: ReadRange, options: JobOptions): Promise<WriteResult> {
    return this.#add({ sequence: range.sequence, batch: undefined, range, read }, options);
  }

  /** Gives up the connection for another one that has joined the load. @throws {LoadError} */
  async reopen(): Promise<void> {
    await this.#lease.release();
    log("lane", "its connection is replaced");
    this.#lease = await this.#options.reopen();
  }

  #add(
    what: Pick<Job, "sequence" | "batch" | "range" | "read">,
    { rejectsMax, keep }: JobOptions,
  ): Promise<WriteResult> {
    const job: Job = {
      ...what,
      place: this.#options.gate.open(),
      toRead: false,
      rejectsMax,
      keep: (sequence, rows) => {
        job.kept ||= rows.length > 0;
        return keep(sequence, rows);
      },
      attempts: new Attempts(),
      alone: false,
      kept: false,
      varies: false,
      groups: undefined,
      ready: undefined,
      settled: Promise.withResolvers<WriteResult>(),
    };
    this.#jobs.push(job);
    if (this.#ended) this.#end(this.#ended);
    else if (this.#jobs.length === 1) void this.#run();
    else this.#readyNext();
    return job.settled.promise;
  }

  /** Writes batch after batch, until there is none or the lane ends. */
  async #run(): Promise<void> {
    try {
      for (let job = this.#jobs[0]; job; job = this.#jobs[0]) {
        const result = await this.#write(job);
        this.#settle(job, result);
        if (result.kind !== "written") return this.#end({});
      }
    } catch (error) {
      await this.#takeNextBack().catch(() => {});
      this.#end({ error });
    }
  }

  /** Tries a batch until it is in, or will not be. */
  async #write(job: Job): Promise<WriteResult> {
    for (;;) {
      const result = await this.#attempt(job);
      if (result.kind === "written") {
        await this.#options.breaker.succeeded();
        job.batch?.recycle?.(job.batch.bytes.buffer);
        return result;
      }
      await this.#takeNextBack();
      const next = await this.#judge(job, result);
      const end = "waitMs" in next ? await this.#recover(job, next) : next;
      if (end) return end;
    }
  }

  async #attempt(job: Job): Promise<WriteResult | RangeResult> {
    const { gate } = this.#options;
    const { write } = await this.#ready(job);
    await gate.enter(job.place);
    try {
      this.#writing = true;
      const written = write();
      this.#readyNext();
      return await written;
    } finally {
      this.#writing = false;
      job.ready = undefined;
      gate.leave();
    }
  }

  #ready(job: Job): Promise<ReadyJob> {
    return job.ready ??= this.#makeReady(job);
  }

  /** Makes the next batch ready while the first is with the database. */
  #readyNext(): void {
    const [, next] = this.#jobs;
    // Why it cannot be made ready is said in its turn.
    if (next && this.#writing) this.#ready(next).catch(() => {});
  }

  async #makeReady(job: Job): Promise<ReadyJob> {
    const { connection } = this.#lease;
    // Rows in groups, or of another shape, are written as a batch.
    const toRead = job.toRead || this.#forecast.gather || this.#forecast.whole !== undefined;
    if (!job.batch && !toRead) {
      const range = { ...job.range!, ...this.#shape };
      return connection.prepareRange?.(range) ??
        { write: () => connection.writeRange!(range), takeBack: () => Promise.resolve() };
    }
    job.batch ??= await job.read!();
    if (!job.batch) return NOTHING_READ;
    if (this.#isToGather(job)) {
      job.groups = await this.#options.group({ ...job.batch, ...this.#shape });
      this.#forecast.learn(this.#shape.shape, job.groups);
    }
    const groups = job.groups ?? this.#forecast.whole;
    const { rejectsMax, alone, kept, keep } = job;
    const order = { rejectsMax, alone, kept, ...(groups ? { groups } : {}) };
    // Rows that were gathered have the columns of their groups.
    const open = job.groups ? { optional: [] } : {};
    const prepared = connection.prepareBatch({ ...job.batch, ...this.#shape, ...open }, order);
    return {
      write: async () => {
        const { result, batch } = await prepared.write(keep);
        job.batch = batch;
        return result;
      },
      takeBack: async () => {
        job.batch = await prepared.takeBack();
      },
    };
  }

  #isToGather({ batch, varies, groups }: Job): boolean {
    if (groups || batch?.tooLarge !== undefined) return false;
    return varies || this.#forecast.gather;
  }

  /** The batch before it was not written: what it is made ready with may not hold any more. */
  async #takeNextBack(): Promise<void> {
    const [, next] = this.#jobs;
    const ready = await next?.ready?.catch(() => undefined);
    if (next) next.ready = undefined;
    await ready?.takeBack();
  }

  /** What follows on an attempt that has not written the batch: another one, or its end. */
  async #judge(job: Job, result: Unwritten): Promise<Again | WriteResult> {
    const { breaker, gate, signal } = this.#options;
    // Whatever has become of a range, it is a batch from now on.
    job.toRead = true;
    if (result.kind === "unwritten") return { waitMs: 0, failure: notBegun(job.sequence).failure };
    const judged = await this.#classified(result);
    if (judged.kind === "fatal" && judged.failure.kind === "missing_column") {
      return { waitMs: 0, failure: judged.failure, reshape: true };
    }
    if (judged.kind !== "retry") return judged;
    const { failure, afterMs, alone = false, varies = false } = judged;
    job.varies ||= varies;
    if (varies) return { waitMs: 0, failure };
    await breaker.failed(failure);
    job.alone ||= alone;
    if (alone) {
      gate.isolate(job.place);
      return { waitMs: 0, failure };
    }
    if (!job.attempts.left || signal?.aborted) return judged;
    return { waitMs: this.#tell(job, afterMs, failureError(failure)), failure };
  }

  /** A code that the driver does not know is the plugin's to classify. */
  async #classified(
    result: Exclude<Unwritten, { kind: "unwritten" }>,
  ): Promise<Exclude<Unwritten, { kind: "unwritten" }>> {
    if (result.kind !== "fatal" || result.failure.kind !== "unknown") return result;
    const kind = await this.#options.classify(result.failure.code);
    const failure = { ...result.failure, kind };
    return kind === "unavailable" || kind === "conflict"
      ? { kind: "retry", failure, afterMs: 0 }
      : { kind: "fatal", failure };
  }

  /** Makes another attempt possible, on another connection where this one is lost; else, the end. */
  async #recover(
    job: Job,
    { failure, reshape, ...first }: Again,
  ): Promise<WriteResult | undefined> {
    const { world, signal, breaker } = this.#options;
    for (let { waitMs } = first;;) {
      try {
        await world.sleep(waitMs, signal);
        if (!this.#lease.connection.usable) await breaker.run(() => this.reopen());
        if (!reshape || await this.#reshape()) return undefined;
        return { kind: "fatal", failure };
      } catch (error) {
        const transient = error instanceof LoadError && error.retry;
        if (!transient && !signal?.aborted) throw error;
        if (!job.attempts.left || signal?.aborted) return { kind: "retry", failure, afterMs: 0 };
        waitMs = this.#tell(job, 0, error as LoadError);
      }
    }
  }

  /** Says that a batch is tried once more, and in how many milliseconds. */
  #tell({ attempts, sequence }: Job, afterMs: number, error: LoadError): number {
    const next = attempts.next(afterMs);
    log("retry", "a batch is tried again", { batch: sequence, ...next, code: error.code });
    this.#options.onRetry?.({ step: "batch", sequence, ...next, ...reasonOf(error) });
    return next.waitMs;
  }

  /** Takes up the shape that the table has now; false where it has not changed. */
  async #reshape(): Promise<boolean> {
    const shape = await this.#options.rejoin(this.#lease.connection, this.#shape);
    if (!shape) return false;
    this.#shape = shape;
    this.#forecast.forget();
    for (const job of this.#jobs) job.groups = undefined;
    return true;
  }

  #settle(job: Job, result: WriteResult): void {
    this.#jobs.splice(this.#jobs.indexOf(job), 1);
    this.#options.gate.settle(job.place);
    job.settled.resolve(result);
  }

  /** Writes nothing any more. */
  #end(ended: { readonly error?: unknown }): void {
    this.#ended = ended;
    for (const job of this.#jobs.splice(0)) {
      this.#options.gate.settle(job.place);
      if (ended.error !== undefined) job.settled.reject(ended.error);
      else job.settled.resolve(notBegun(job.sequence));
    }
  }
}
