/**
 * One lane of a load: the batches that it was given, in order, until each is settled.
 *
 * Invariants
 * - Batches are written in the order in which they came. Two are with the connection at a time, so
 *   that one is made ready while the other is being written; where the first comes back unwritten,
 *   so does the second, and both are sent again in their order.
 * - Nothing is sent again blindly: a batch begins with its ledger row, so one that is in after all,
 *   its COMMIT unanswered, is recognised.
 * - After a batch that will not be written, the lane writes nothing any more.
 * - A range is written while it is read. Where that does not come to its end, nothing of it is in, and
 *   it is read as a batch once it is its turn again.
 * - A batch whose rows vary comes back unwritten, is gathered into groups here, where plans are made,
 *   and is sent again with them.
 */
import type { WriteResult } from "../../src/model/backend.ts";
import type { Batch, BatchRange, Shape } from "../../src/model/batch.ts";
import { LoadError } from "../../src/model/errors.ts";
import { failureError, type FailureKind } from "../../src/model/failure.ts";
import { reasonOf, type Retry } from "../../src/load/retry.ts";
import type { World } from "../../src/model/world.ts";
import { Attempts } from "../connections/attempts.ts";
import type { Breaker } from "../connections/breaker.ts";
import type { Lease } from "../connections/pool.ts";
import type { BatchGroups, BatchOrder, Connection } from "../drivers/driver.ts";
import { GroupForecast } from "./group_forecast.ts";
import type { LaneGate } from "./lane_gate.ts";
import { type Halt, type Job, type JobOptions, NOTHING_READ, type ReadRange } from "./lane_job.ts";
import { NOT_BEGUN, notBegun } from "../lane/ordered_connection.ts";

/** With the connection at once. */
const SENT_MAX = 2;

/** What the rows of a load's batches are, and what they may be besides. */
export type LaneShape = Pick<Batch, "shape" | "optional">;

/** What a code means that the driver does not know. */
export type Classify = (code: string) => Promise<FailureKind>;

/** The backend's circuit breaker, as lanes need it. */
export type LaneBreaker = Pick<Breaker, "run" | "failed" | "succeeded">;

/** What a lane is made of. */
export interface LoadLaneOptions {
  readonly lease: Lease;
  /** Another connection that has joined the load. */
  reopen(): Promise<Lease>;
  /**
   * Lets a connection join the load again whose batches had a column that is gone; what their shape is
   * now, or undefined where nothing has changed.
   */
  rejoin(connection: Connection, shape: Shape): Promise<LaneShape | undefined>;
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

/** One lane of a load: the batches that it was given, in order, until each is settled. */
export class LoadLane {
  readonly #options: LoadLaneOptions;
  readonly #jobs: Job[] = [];
  #lease: Lease;
  /** Set once a batch came back unwritten: how long to wait, and why. */
  #halt: Halt | undefined;
  #ended: { readonly error?: unknown } | undefined;
  readonly #forecast = new GroupForecast();
  /** Whether a range is being read, or the rows of a batch are being gathered. */
  #preparing = false;

  /** A lane whose connection has joined the load. */
  constructor(options: LoadLaneOptions) {
    this.#options = options;
    this.#lease = options.lease;
    options.gate.onChange(() => this.#pump());
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
  write(batch: Batch, options: JobOptions): Promise<WriteResult> {
    return this.#add(
      { sequence: batch.sequence, batch, range: undefined, read: undefined },
      options,
    );
  }

  /** Writes a range, which is read as a batch where it is not written in one go. */
  writeRange(range: BatchRange, read: ReadRange, options: JobOptions): Promise<WriteResult> {
    return this.#add({ sequence: range.sequence, batch: undefined, range, read }, options);
  }

  #add(
    what: Pick<Job, "sequence" | "batch" | "range" | "read">,
    { rejectsMax, keep }: JobOptions,
  ): Promise<WriteResult> {
    const job: Job = {
      ...what,
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
      sent: false,
      settled: Promise.withResolvers<WriteResult>(),
    };
    this.#options.gate.open(job.sequence);
    this.#jobs.push(job);
    if (this.#ended) this.#endJobs();
    else this.#pump();
    return job.settled.promise;
  }

  /** Gives up the connection for another one that has joined the load. @throws {LoadError} */
  async reopen(): Promise<void> {
    await this.#lease.release();
    this.#lease = await this.#options.reopen();
  }

  #pump(): void {
    while (!this.#halt && !this.#ended && !this.#preparing) {
      const at = this.#jobs.findIndex(({ sent }) => !sent);
      const job = this.#jobs[at];
      if (!job || at === SENT_MAX) return;
      const before = this.#jobs[at - 1];
      // What follows on one that is tried alone would be sent with it.
      if (before?.alone || !this.#options.gate.admits(job.sequence)) return;
      if (this.#isToRead(job)) return void this.#read(job);
      if (this.#isToGather(job)) return void this.#gather(job);
      job.sent = true;
      void this.#send(job, before?.sequence);
    }
  }

  /** Rows in groups, or of another shape, are written as a batch. */
  #isToRead({ batch, toRead }: Job): boolean {
    return !batch && (toRead || this.#forecast.gather || this.#forecast.whole !== undefined);
  }

  async #read(job: Job): Promise<void> {
    this.#preparing = true;
    try {
      const { shape, optional } = job.range!;
      const batch = await job.read!();
      if (batch) job.batch = { ...batch, shape, ...(optional ? { optional } : {}) };
      else this.#settle(job, NOTHING_READ);
    } catch (error) {
      return this.#end({ error });
    } finally {
      this.#preparing = false;
    }
    this.#pump();
  }

  #isToGather({ batch, varies, groups }: Job): boolean {
    if (groups || !batch || batch.tooLarge !== undefined) return false;
    return varies || this.#forecast.gather;
  }

  async #gather(job: Job): Promise<void> {
    this.#preparing = true;
    try {
      job.groups = await this.#options.group(job.batch!);
      this.#forecast.learn(job.batch!, job.groups);
    } catch (error) {
      return this.#end({ error });
    } finally {
      this.#preparing = false;
    }
    this.#pump();
  }

  /** `follows` is the batch before it, if that is still on its way. */
  async #send(job: Job, follows: number | undefined): Promise<void> {
    const { gate } = this.#options;
    gate.enter();
    try {
      const behind = follows === undefined ? {} : { follows };
      if (job.batch) await this.#sendBatch(job, job.batch, behind);
      else await this.#sendRange(job, job.range!, behind);
    } catch (error) {
      this.#end({ error });
    } finally {
      job.sent = false;
      gate.leave();
      gate.changed();
      const waiting = !this.#jobs.some(({ sent }) => sent);
      if (waiting && this.#halt && !this.#ended) void this.#recover();
    }
  }

  async #sendRange(
    job: Job,
    range: BatchRange,
    behind: Pick<BatchOrder, "follows">,
  ): Promise<void> {
    const result = await this.#lease.connection.writeRange!(range, behind);
    if (result.kind === "unwritten") {
      job.toRead = true;
      const message = `Batch ${job.sequence} is to be read before it is written`;
      const failure = { kind: "unavailable", code: NOT_BEGUN, message } as const;
      this.#halt ??= { waitMs: 0, failure };
      return;
    }
    job.toRead ||= result.kind === "retry" && result.failure.code !== NOT_BEGUN;
    await this.#answered(job, result);
  }

  async #sendBatch(
    job: Job,
    whole: Batch,
    behind: Pick<BatchOrder, "follows">,
  ): Promise<void> {
    const groups = job.groups ?? this.#forecast.whole;
    const order = {
      rejectsMax: job.rejectsMax,
      alone: job.alone,
      kept: job.kept,
      ...behind,
      ...(groups ? { groups } : {}),
    };
    const { optional, ...rest } = whole;
    const { result, batch } = await this.#lease.connection.writeBatch(
      // Rows that were gathered have the columns of their groups.
      job.groups ? rest : whole,
      order,
      job.keep,
    );
    // What comes out of a worker is equal, but not the same.
    job.batch = { ...batch, shape: rest.shape, ...(optional ? { optional } : {}) };
    await this.#answered(job, result);
  }

  async #answered(job: Job, result: WriteResult): Promise<void> {
    if (!this.#jobs.includes(job)) return;
    const { batch, sequence } = job;
    const { breaker, gate, signal } = this.#options;
    if (result.kind === "written") {
      await breaker.succeeded();
      batch?.recycle?.(batch.bytes.buffer);
      return this.#settle(job, result);
    }
    const judged = await this.#judged(result);
    if (judged.kind === "fatal" && judged.failure.kind === "missing_column") {
      this.#halt = { waitMs: 0, failure: judged.failure, reshape: true };
      return;
    }
    if (judged.kind !== "retry") {
      this.#settle(job, judged);
      return this.#end({});
    }
    const { failure, afterMs, alone = false } = judged;
    if (judged.varies) {
      job.varies = true;
      this.#halt ??= { waitMs: 0, failure };
      return;
    }
    if (failure.code !== NOT_BEGUN) await breaker.failed(failure);
    if (failure.code === NOT_BEGUN) this.#halt ??= { waitMs: 0, failure };
    else if (alone) {
      job.alone = true;
      gate.isolate(sequence);
      this.#halt ??= { waitMs: 0, failure };
    } else if (job.attempts.left && !signal?.aborted) {
      this.#halt = { waitMs: this.#tell(job, afterMs, failureError(failure)), failure };
    } else {
      this.#settle(job, judged);
      this.#end({});
    }
  }

  /** A code that the driver does not know is the plugin's to classify. */
  async #judged(result: WriteResult): Promise<WriteResult> {
    if (result.kind !== "fatal" || result.failure.kind !== "unknown") return result;
    const kind = await this.#options.classify(result.failure.code);
    const failure = { ...result.failure, kind };
    return kind === "unavailable" || kind === "conflict"
      ? { kind: "retry", failure, afterMs: 0 }
      : { kind: "fatal", failure };
  }

  /** Goes on after a batch came back unwritten, on another connection where this one is lost. */
  async #recover(): Promise<void> {
    const { world, signal, breaker } = this.#options;
    const { attempts } = this.#jobs[0]!;
    const { failure, reshape } = this.#halt!;
    for (let { waitMs } = this.#halt!;;) {
      try {
        await world.sleep(waitMs, signal);
        if (!this.#lease.connection.usable) await breaker.run(() => this.reopen());
        if (reshape && !await this.#reshape()) {
          this.#settle(this.#jobs[0]!, { kind: "fatal", failure });
          return this.#end({});
        }
        this.#halt = undefined;
        return this.#pump();
      } catch (error) {
        const transient = error instanceof LoadError && error.retry;
        if (!transient && !signal?.aborted) return this.#end({ error });
        if (!attempts.left || signal?.aborted) {
          this.#settle(this.#jobs[0]!, { kind: "retry", failure, afterMs: 0 });
          return this.#end({});
        }
        waitMs = this.#tell(this.#jobs[0]!, 0, error as LoadError);
      }
    }
  }

  /** Says that a batch is tried once more, and in how many milliseconds. */
  #tell({ attempts, sequence }: Job, afterMs: number, error: LoadError): number {
    const next = attempts.next(afterMs);
    this.#options.onRetry?.({ step: "batch", sequence, ...next, ...reasonOf(error) });
    return next.waitMs;
  }

  /** Gives the batches the shape that the table has now; false where it has not changed. */
  async #reshape(): Promise<boolean> {
    const { connection } = this.#lease;
    const [first] = this.#jobs;
    const shape = await this.#options.rejoin(connection, (first!.batch ?? first!.range!).shape);
    if (!shape) return false;
    this.#forecast.forget();
    for (const job of this.#jobs) {
      job.batch &&= { ...job.batch, ...shape };
      job.range &&= { ...job.range, ...shape };
      job.groups = undefined;
    }
    return true;
  }

  #settle(job: Job, result: WriteResult): void {
    this.#jobs.splice(this.#jobs.indexOf(job), 1);
    this.#options.gate.settle(job.sequence);
    job.settled.resolve(result);
  }

  /** Writes nothing any more. */
  #end(ended: { readonly error?: unknown }): void {
    this.#ended ??= ended;
    this.#endJobs();
  }

  #endJobs(): void {
    for (const job of this.#jobs.splice(0)) {
      const { sequence } = job;
      this.#options.gate.settle(sequence);
      if (this.#ended?.error !== undefined) job.settled.reject(this.#ended.error);
      else job.settled.resolve(notBegun(sequence));
    }
  }
}
