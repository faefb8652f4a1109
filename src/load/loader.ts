/**
 * The loader: batches from the source, through the lanes, into the database.
 *
 * Invariants
 * - At most two batches for each lane are alive, one that is written and one that is ready: memory is
 *   bounded, and what is read waits for what is written.
 * - A batch that the ledger has is not written: it is held against what the ledger says, and skipped.
 * - After the first batch that is not written, no further one is begun; those in flight are waited
 *   for, and then the load is abandoned.
 * - At the end `read = committed + superseded + rejected + skipped`, or the load fails.
 */
import { log, millisecondsSince } from "../model/log.ts";
import type { BackendLoad, LedgerBatch, WriteResult } from "../model/backend.ts";
import {
  type Batch,
  type RecordFormat,
  type RejectedRow,
  rowCount,
  type Shape,
} from "../model/batch.ts";
import { LoadError } from "../model/errors.ts";
import type { World } from "../model/world.ts";
import type { BatchLimits, RawBatch, RawRange } from "../batching/batcher.ts";
import { allowWriting } from "./before_writing.ts";
import { checkWritten, grownNotes } from "./check_written.ts";
import { ConcurrencyLimit } from "./concurrency_limit.ts";
import { changedError, type HashRows, LedgerIndex } from "./ledger_index.ts";
import { lookOn, untoldError } from "./look_on.ts";
import type { RejectLimit } from "../model/reject_limit.ts";
import { RejectBudget } from "./reject_budget.ts";
import type { LoadReport } from "./report.ts";
import type { FoundShape } from "./shape.ts";
import { stoppedLoad } from "./stopped_load.ts";
import { LoadCounters, type LoadProgress } from "./load_counters.ts";
import { countEarlier, spanOf, writeBatch, writeRange, type Writing } from "./writing.ts";

export type { LoadProgress } from "./load_counters.ts";

/**
 * One that is written and one that is ready. With a single batch ready for two lanes, the other lane
 * waits for the next to be read: a million rows 1.52 s instead of 1.43 (medians of 14), and 17 MB less.
 */
const BATCHES_PER_LANE = 2;

/** What became of one batch. */
export interface BatchEvent {
  /** Which one it is. */
  readonly batch: Pick<Batch, "sequence" | "part" | "byteOffset"> & {
    /** The number of its first row; undefined where those before it are not all in yet. */
    readonly ordinal?: number;
  };
  /** Rows of the source that it is made of. */
  readonly rows: number;
  /** Bytes of the source that its rows are made of. */
  readonly bytes: number;
  /** Whether it is in, or why not. */
  readonly result: WriteResult;
}

/** Where batches come from. */
export interface BatchStream {
  next(): Promise<RawBatch | undefined>;
  /** The next batch or range, once it was told to give ranges. */
  take?(): Promise<RawBatch | RawRange | undefined>;
  restart(first: RawBatch, limits: Omit<BatchLimits, "recordBytesMax">): void;
  readonly bytesRead: number;
  /** Parts that were written to while they were read; none by default. */
  readonly written?: ReadonlyMap<string, "written" | "grown">;
  /** Parts that were opened so far, those without rows too. */
  readonly opened: ReadonlySet<string>;
}

/** One load, put together. */
export interface LoadJob {
  readonly batches: BatchStream;
  /** Size of the source; some know it only once they are being read. */
  bytesTotal(): number | undefined;
  /**
   * Whether the first batch, which is smaller than the sizes say, is enough to read the columns from;
   * left out where it is as large.
   */
  isEnough?(first: RawBatch): Promise<boolean>;
  /** Takes up the columns that a batch tells; false where no record of it that can be read has any. */
  readColumns(batch: RawBatch): Promise<boolean>;
  /** What the rows are by the columns that were told; undefined where nothing tells them. */
  shapeOf(first: RawBatch | undefined): Promise<FoundShape | undefined>;
  /** The rows of a batch that cannot be read, whatever the columns are. */
  unreadable(batch: RawBatch): readonly RejectedRow[];
  /** The first batch of each part that can be read a second time. */
  otherParts?(): AsyncIterable<RawBatch>;
  /** The batches of a part of that name, read once more. */
  readAgain?(part: string, endOf: NonNullable<BatchLimits["endOf"]>): AsyncIterable<RawBatch>;
  /**
   * Awaited once, before the first batch is written, when all that the ledger has was found in the source
   * as it was loaded. Nothing is written where it throws.
   */
  beforeWriting?(): Promise<void>;
  /** The whole source once more, cut where the ledger says; needed for `beforeWriting`. */
  readAll?(
    endOf: NonNullable<BatchLimits["endOf"]>,
  ): Pick<BatchStream, "next" | "opened"> & AsyncDisposable;
  /** Keeps rows that cannot be read of a source that was never loaded. */
  keepUnread?(batch: RawBatch, rows: readonly RejectedRow[]): Promise<void>;
  /** Opens the load for that shape. */
  open(found: FoundShape): Promise<BackendLoad>;
  /** The batch sizes that the first batch was cut with. */
  readonly batchRowsMax: number;
  readonly batchBytesMax: number;
  /** Rows that may be left out. */
  readonly rejectLimit: RejectLimit;
  /** Whether a replace by no row at all is meant; refused by default. */
  readonly allowEmpty?: boolean;
  /**
   * Keeps rows that are left out, before the rest of their batch is committed, in the place of those
   * that an earlier attempt at the batch has left out.
   */
  readonly keep?: (
    batch: Pick<LedgerBatch, "sequence" | "part" | "byteOffset" | "byteEnd">,
    rows: readonly RejectedRow[],
    format: RecordFormat,
  ) => Promise<void>;
  /** Throws where what was kept in this run is not kept any more. */
  checkKept?(): Promise<void>;
  /** Hashes bytes as the ledger does. */
  readonly hash: HashRows;
  /** What is known of the report beforehand. */
  readonly about: Pick<LoadReport, "source" | "backend" | "table" | "mode" | "nul" | "plugin">;
  readonly world: World;
  readonly signal?: AbortSignal;
  onOpen?(load: BackendLoad): void | Promise<void>;
  onBatch?(event: BatchEvent): void;
  /** Is handed, before anything else, what tells how far the load is by then. */
  onStart?(progress: () => LoadProgress): void;
  onProgress?(progress: LoadProgress): void;
}

/**
 * Runs a load to its end.
 *
 * @throws {LoadStoppedError} with the report of what was done until then: what came first of a set-up
 * error, a rejected row, a failure of the database, or cancellation
 */
export async function runLoad(job: LoadJob): Promise<LoadReport> {
  const counters = new LoadCounters(job);
  job.onStart?.(() => counters.progress());
  let load: BackendLoad | undefined;
  try {
    job.signal?.throwIfAborted();
    const { first, found } = await lookFor(job);
    if (!found) return counters.report("complete", undefined, [noShape(job)]);
    const { shape } = found;
    load = await job.open(found);
    await job.onOpen?.(load);
    counters.goOn(load);
    const budget = new RejectBudget(job.rejectLimit);
    if (first) await writeAll(job, { shape, first, load, counters, budget, written: [] });
    else new LedgerIndex(load.batches, job.hash).checkEnd(job.batches.opened);
    counters.check();
    await job.checkKept?.();
    const { read } = counters.totals;
    if (!counters.nothingNew && !budget.allowsAtEnd(read)) {
      throw budget.tooMany(read, { atEnd: true });
    }
    if (counters.totals.committed === 0) checkNotEmpty(job, "No row of the source was taken");
    if (counters.nothingNew) await load.abandon();
    else await load.finish(counters.totals);
    const notes = first ? [...counters.notes, ...grownNotes(job)] : ["The source has no rows"];
    return counters.report("complete", load, [...notes, ...load.notes ?? []]);
  } catch (error) {
    const left = await load?.abandon();
    throw stoppedLoad(error, {
      ...(left ? { left } : {}),
      signal: job.signal,
      report: (state) => counters.report(state, load, []),
    });
  }
}

/** What is needed to find out what the rows of a load are. */
export type LookJob = Pick<
  LoadJob,
  | "batches"
  | "isEnough"
  | "readColumns"
  | "shapeOf"
  | "unreadable"
  | "otherParts"
  | "keepUnread"
  | "batchRowsMax"
  | "batchBytesMax"
  | "rejectLimit"
  | "allowEmpty"
  | "about"
  | "signal"
>;

/**
 * Reads as much of the source as tells what its rows are; undefined where nothing does, of a source
 * without any.
 *
 * @throws {LoadError} `source_empty`, `rows_rejected`, and what finding the shape throws
 */
export async function lookFor(
  job: LookJob,
): Promise<{ readonly first: RawBatch | undefined; readonly found: FoundShape | undefined }> {
  let first = await firstLook(job);
  if (first && !await job.readColumns(first)) first = await lookOn(job, first);
  if (!first) checkNotEmpty(job, "The source has no rows");
  const found = await job.shapeOf(first);
  if (!found && first) throw await untoldError(job, first);
  return { first, found };
}

async function writeAll(
  job: LoadJob,
  start: Writing & { readonly shape: Shape; readonly first: RawBatch },
): Promise<void> {
  const { shape, first, load, counters } = start;
  const limit = new ConcurrencyLimit(BATCHES_PER_LANE * load.lanes);
  const ledger = new LedgerIndex(load.batches, job.hash);
  const nextSequence = () => ledger.numberOf();
  let isAllowed = false;
  const allow = async () => {
    if (!isAllowed) await allowWriting(job, load, ledger);
    isAllowed = true;
  };
  let next = await firstBatch(job, first, { load, ledger });
  try {
    while (next) {
      if ("byteEnd" in next) {
        await allow();
        counters.giveRange();
        const range = { range: next, shape, nextSequence };
        const sequence = nextSequence();
        limit.begin(() => writeRange(job, range, sequence, start));
      } else {
        counters.give(rowCount(next));
        const known = ledger.take(next);
        if (known?.kind === "changed") {
          // A connection is asked, which is to have nothing else to do.
          await limit.all();
          throw changedError(next, known, await load.marksOf?.(known.entry));
        }
        if (known) {
          skip(job, next, known.entry, start);
        } else {
          await allow();
          const batch: Batch = { ...next, sequence: nextSequence(), shape };
          limit.begin(() => writeBatch(job, batch, start));
        }
      }
      await limit.room();
      job.signal?.throwIfAborted();
      next = await take(job);
    }
  } finally {
    await limit.settled();
  }
  await limit.all();
  ledger.checkEnd(job.batches.opened);
  await checkWritten(job, load, start.written);
}

/** A batch of the source is in. */
function skip(
  job: LoadJob,
  batch: RawBatch,
  entry: LedgerBatch,
  { counters, budget, written }: Writing,
): void {
  counters.skip(rowCount(batch), entry.counts.rejected);
  written.push(entry);
  countEarlier(budget, spanOf(batch), entry.counts.rejected, leftOutRows(batch, entry));
  batch.recycle?.(batch.bytes.buffer);
  job.onProgress?.(counters.progress());
}

async function take({ batches }: LoadJob): Promise<RawBatch | RawRange | undefined> {
  const started = performance.now();
  const next = await (batches.take?.() ?? batches.next());
  const readMs = millisecondsSince(started);
  if (next) log("batch", "read", { part: next.part, from: next.byteOffset, readMs });
  return next;
}

/** The first batch, as large as it has to be to tell the columns. */
async function firstLook(job: LookJob): Promise<RawBatch | undefined> {
  const first = await job.batches.next();
  if (!first || !job.isEnough || await job.isEnough(first)) return first;
  if (first.tooLarge !== undefined) return first;
  job.batches.restart(first, { rowsMax: job.batchRowsMax, bytesMax: job.batchBytesMax });
  return await job.batches.next();
}

/** The first batch as the load's own limits, and what its ledger has, would have it. */
async function firstBatch(
  job: LoadJob,
  first: RawBatch,
  { load, ledger }: { readonly load: BackendLoad; readonly ledger: LedgerIndex },
): Promise<RawBatch | RawRange | undefined> {
  const { batchRowsMax, batchBytesMax, batches, rangeBytesMax } = load;
  const same = !job.isEnough && batchRowsMax === job.batchRowsMax &&
    batchBytesMax === job.batchBytesMax;
  if (same && batches.length === 0 && rangeBytesMax === undefined) return first;
  job.batches.restart(first, {
    rowsMax: batchRowsMax,
    bytesMax: batchBytesMax,
    rangeBytesMax,
    endOf: (part, offset) => ledger.endOf(part, offset),
  });
  return first.tooLarge === undefined ? await take(job) : first;
}

/** Numbers of the rows that the ledger says a batch has left out; undefined where it does not say. */
function leftOutRows(
  { ordinal, byteOffset, offsets }: RawBatch,
  { leftOut, counts }: LedgerBatch,
): number[] | undefined {
  if (!leftOut || leftOut.length !== counts.rejected) return undefined;
  const starts = new Set(leftOut.map((byte) => byte - byteOffset));
  const rows: number[] = [];
  for (const [i, offset] of offsets.entries()) if (starts.has(offset)) rows.push(ordinal + i);
  return rows.length === leftOut.length ? rows : undefined;
}

/**
 * A source that has failed gives no rows either: a replace by none is refused, whatever the format
 * and whether there is a table or not.
 *
 * @throws {LoadError} `source_empty`
 */
function checkNotEmpty({ about, allowEmpty }: LookJob, what: string): void {
  if (about.mode !== "replace" || allowEmpty) return;
  throw new LoadError(
    `${what}, and a replace by none would leave table ${about.table} without any: nothing was ` +
      "changed. Say --allow-empty where that is meant",
    { code: "source_empty", blame: "data" },
  );
}

function noShape(job: LoadJob): string {
  return `The source has no rows, and nothing tells its columns: table ${job.about.table} was not created. ` +
    "Give them with --schema";
}
