/**
 * The loader: batches from the source, through the lanes, into the database.
 *
 * Invariants
 * - At most one batch more than there are lanes is alive: memory is bounded, and what is read waits
 *   for what is written.
 * - After the first batch that is not written, no further one is begun; those in flight are waited
 *   for, and then the load is abandoned.
 * - At the end `read = committed + superseded + rejected + skipped`, or the load fails.
 */
import type { BackendLoad, RowCounts, WriteResult } from "../backend.ts";
import { type Batch, type RejectedRow, rowCount, type Shape } from "../batch.ts";
import { assertNever, LoadError, messageOf } from "../errors.ts";
import { failureError } from "../failure.ts";
import type { World } from "../world.ts";
import type { RawBatch } from "./batcher.ts";
import { type LoadReport, LoadStoppedError } from "./report.ts";

/** How far a load is. */
export interface LoadProgress {
  /** Rows that stand in the table. */
  readonly rowsCommitted: number;
  /** Batches that were committed. */
  readonly batches: number;
  /** As the source counts its size. */
  readonly bytesRead: number;
  /** Absent where the source does not know its size. */
  readonly bytesTotal?: number;
  /** Since the load began. */
  readonly milliseconds: number;
}

/** What became of one batch. */
export interface BatchEvent {
  readonly batch: Pick<Batch, "sequence" | "ordinal" | "part" | "byteOffset">;
  readonly rows: number;
  readonly result: WriteResult;
}

/** Where batches come from. */
export interface BatchStream {
  next(): Promise<RawBatch | undefined>;
  restart(first: RawBatch, limits: { readonly rowsMax: number; readonly bytesMax: number }): void;
  readonly bytesRead: number;
}

/** One load, put together. */
export interface LoadJob {
  readonly batches: BatchStream;
  /** Size of the source; some know it only once they are being read. */
  bytesTotal(): number | undefined;
  /** Looks at the first batch (none: the source is empty) and says what the rows are. */
  shapeOf(first: RawBatch | undefined): Promise<Shape | undefined>;
  /** Opens the load for that shape. */
  open(shape: Shape): Promise<BackendLoad>;
  /** The batch sizes that the first batch was cut with. */
  readonly batchRowsMax: number;
  readonly batchBytesMax: number;
  /** What is known of the report beforehand. */
  readonly about: Pick<LoadReport, "source" | "backend" | "table" | "mode" | "nul" | "plugin">;
  readonly world: World;
  readonly signal?: AbortSignal;
  onOpen?(load: BackendLoad): void;
  onBatch?(event: BatchEvent): void;
  onProgress?(progress: LoadProgress): void;
}

/**
 * Runs a load to its end.
 *
 * @throws {LoadStoppedError} with the report of what was done until then: what came first of a set-up
 * error, a rejected row, a failure of the database, or cancellation
 */
export async function runLoad(job: LoadJob): Promise<LoadReport> {
  const tally = new Tally(job);
  let load: BackendLoad | undefined;
  try {
    job.signal?.throwIfAborted();
    const first = await job.batches.next();
    const shape = await job.shapeOf(first);
    if (!shape) return tally.report("complete", undefined, [noShape(job)]);
    load = await job.open(shape);
    job.onOpen?.(load);
    if (first) await writeAll(job, { shape, first, load, tally });
    await load.finish(tally.counts);
    return tally.report("complete", load, first ? [] : ["The source has no rows"]);
  } catch (error) {
    await load?.abandon();
    throw stopped(error, job, tally, load);
  }
}

async function writeAll(
  job: LoadJob,
  start: { shape: Shape; first: RawBatch; load: BackendLoad; tally: Tally },
): Promise<void> {
  const { shape, first, load, tally } = start;
  const flight = new Flight(load.lanes + 1);
  let next: RawBatch | undefined = first;
  if (load.batchRowsMax < job.batchRowsMax || load.batchBytesMax < job.batchBytesMax) {
    job.batches.restart(first, { rowsMax: load.batchRowsMax, bytesMax: load.batchBytesMax });
    next = await job.batches.next();
  }
  try {
    while (next) {
      const batch: Batch = { ...next, shape };
      const { sequence, ordinal, part, byteOffset } = batch;
      const rows = rowCount(batch);
      await flight.begin(async () => {
        const result = await load.write(batch);
        job.onBatch?.({ batch: { sequence, ordinal, part, byteOffset }, rows, result });
        tally.add(result);
        job.onProgress?.(tally.progress());
      });
      await flight.room();
      job.signal?.throwIfAborted();
      next = await job.batches.next();
    }
  } finally {
    await flight.landed();
  }
  flight.check();
  tally.check();
}

/** Work that is under way, bounded. */
class Flight {
  readonly #countMax: number;
  readonly #open = new Set<Promise<void>>();
  #failed: { error: unknown } | undefined;

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  /** Begins a piece of work once there is room. @throws what an earlier piece threw */
  async begin(work: () => Promise<void>): Promise<void> {
    await this.room();
    const piece: Promise<void> = work()
      .catch((error) => void (this.#failed ??= { error }))
      .finally(() => this.#open.delete(piece));
    this.#open.add(piece);
  }

  /** Waits until there is room for a further piece. @throws what an earlier piece threw */
  async room(): Promise<void> {
    while (this.#open.size >= this.#countMax) await Promise.race(this.#open);
    this.check();
  }

  /** Waits for all of it. */
  async landed(): Promise<void> {
    await Promise.all(this.#open);
  }

  /** @throws what a piece threw first */
  check(): void {
    if (this.#failed) throw this.#failed.error;
  }
}

/** What was counted so far. */
class Tally {
  readonly #job: LoadJob;
  readonly #began: number;
  #read = 0;
  #committed = 0;
  #superseded = 0;
  #rejected = 0;
  #repaired = 0;
  #batches = 0;

  constructor(job: LoadJob) {
    this.#job = job;
    this.#began = job.world.monotonic();
  }

  get counts(): RowCounts {
    return {
      read: this.#read,
      committed: this.#committed,
      superseded: this.#superseded,
      rejected: this.#rejected,
    };
  }

  /** Counts a batch that was written. @throws {LoadError} if it was not */
  add(result: WriteResult): void {
    switch (result.kind) {
      case "written":
        this.#read += result.counts.read;
        this.#committed += result.counts.committed;
        this.#superseded += result.counts.superseded;
        this.#rejected += result.counts.rejected;
        this.#repaired += result.repaired ?? 0;
        this.#batches++;
        return;
      case "reject":
        throw rejection(result.rows);
      case "retry":
      case "split":
      case "fatal":
        throw failureError(result.failure);
      default:
        assertNever(result);
    }
  }

  /** @throws {LoadError} `counts_differ` if a row is in no count */
  check(): void {
    const { read, committed, superseded, rejected } = this.counts;
    const lost = read - committed - superseded - rejected;
    if (lost !== 0) {
      throw new LoadError(
        `${lost} of ${read} rows are in no count: neither committed nor rejected`,
        {
          code: "counts_differ",
          blame: "host",
        },
      );
    }
  }

  progress(): LoadProgress {
    const { batches, world } = this.#job;
    const bytesTotal = this.#job.bytesTotal();
    return {
      rowsCommitted: this.#committed,
      batches: this.#batches,
      bytesRead: batches.bytesRead,
      ...(bytesTotal === undefined ? {} : { bytesTotal }),
      milliseconds: world.monotonic() - this.#began,
    };
  }

  report(
    state: LoadReport["state"],
    load: BackendLoad | undefined,
    notes: readonly string[],
  ): LoadReport {
    const seconds = (this.#job.world.monotonic() - this.#began) / 1000;
    return {
      state,
      ...this.counts,
      skipped: 0,
      repaired: this.#repaired,
      batches: this.#batches,
      bytes: this.#job.batches.bytesRead,
      seconds,
      rowsPerSecond: seconds > 0 ? Math.round(this.#committed / seconds) : 0,
      ...this.#job.about,
      ...(load
        ? { load: { id: load.id, generation: load.generation, planHash: load.planHash } }
        : {}),
      notes,
    };
  }
}

/** How many rejected rows a message spells out. */
const REJECTS_SHOWN = 10;

function rejection(rows: readonly RejectedRow[]): LoadError {
  const shown = rows.slice(0, REJECTS_SHOWN).map((row) => ({
    path: `${row.part}:${row.line}${row.position === undefined ? "" : `:${row.position}`}`,
    message: (row.column === undefined ? "" : `column ${row.column}: `) + row.message,
  }));
  const more = rows.length > shown.length ? `\n  and ${rows.length - shown.length} more` : "";
  const count = rows.length === 1
    ? "1 row cannot be loaded"
    : `${rows.length} rows cannot be loaded`;
  return new LoadError(
    `${count}, nothing of its batch was committed:\n${
      shown.map((i) => `  ${i.path}: ${i.message}`).join("\n")
    }${more}`,
    { code: "rows_rejected", blame: "data", issues: shown },
  );
}

function stopped(
  error: unknown,
  job: LoadJob,
  tally: Tally,
  load: BackendLoad | undefined,
): LoadStoppedError {
  if (job.signal?.aborted) {
    return new LoadStoppedError(
      `Load was cancelled after ${tally.counts.committed} committed rows`,
      {
        code: "cancelled",
        blame: "config",
        cause: error,
        report: tally.report("cancelled", load, []),
      },
    );
  }
  const report = tally.report("failed", load, []);
  if (!(error instanceof LoadError)) {
    return new LoadStoppedError(`Unexpected error: ${messageOf(error)}`, {
      code: "bug",
      blame: "host",
      cause: error,
      report,
    });
  }
  const { code, blame, retry, vendorCode, issues } = error;
  return new LoadStoppedError(error.message, {
    code,
    blame,
    retry,
    issues,
    ...(vendorCode === undefined ? {} : { vendorCode }),
    cause: error.cause,
    report,
  });
}

function noShape(job: LoadJob): string {
  return `The source has no rows, and nothing tells its columns: table ${job.about.table} was not created. ` +
    "Give them with --schema";
}
