/** Writes batches and ranges of a load, and counts what has become of them. */
import type { BackendLoad, KeepRejects, LedgerBatch, WriteResult } from "../model/backend.ts";
import { type Batch, byteEndOf, type RejectedRow, rowCount, type Shape } from "../model/batch.ts";
import type { RawBatch, RawRange } from "../batching/batcher.ts";
import type { LoadJob } from "./loader.ts";
import type { RejectBudget, RowSpan } from "./reject_budget.ts";
import { rejection } from "./rejection.ts";
import type { LoadCounters } from "./load_counters.ts";

/** What they are written with. */
export interface Writing {
  readonly load: BackendLoad;
  readonly counters: LoadCounters;
  readonly budget: RejectBudget;
  /** Batches that are in, as the ledger has them. */
  readonly written: LedgerBatch[];
}

/** Writes a batch that was read. @throws {LoadError} where it is not written, or too many rows are left out */
export async function writeBatch(
  job: LoadJob,
  batch: Batch,
  { load, counters, budget, written }: Writing,
): Promise<void> {
  const { sequence, ordinal, part, byteOffset, format } = batch;
  const span = spanOf(batch);
  const rows = span.to - span.from;
  const limit = budget.describe(span);
  let refused: readonly RejectedRow[] | undefined;
  const place = { sequence, part, byteOffset, byteEnd: byteEndOf(batch) };
  const keep: KeepRejects = async (_, left) => {
    refused = budget.allows(span, left.map(({ ordinal }) => ordinal)) ? undefined : left;
    if (refused) throw rejection(refused, { committed: false, limit });
    await job.keep?.(place, left, format);
  };
  const result = await load.write(batch, { rejectsMax: budget.forBatch(span), keep })
    .catch((error): WriteResult => {
      if (refused) return { kind: "reject", rows: refused };
      throw error;
    });
  const bytes = place.byteEnd - byteOffset;
  job.onBatch?.({ batch: { sequence, ordinal, part, byteOffset }, rows, bytes, result });
  counters.add(result, limit);
  job.onProgress?.(counters.progress());
  if (result.kind !== "written") return;
  const { counts, contentHash } = result;
  written.push({ ...place, counts, contentHash });
  if (result.alreadyIn) return countEarlier(budget, span, result.counts.rejected);
  const { rejects: left = [] } = result;
  const isWithin = budget.use(span, left.map(({ ordinal }) => ordinal));
  if (isWithin) return;
  // Without one of its own, it is known by this batch that one behind it has too many.
  throw left.length > 0 ? rejection(left, { committed: true, limit }) : budget.tooMany(span.to);
}

/** A range, and what its batches are made of. */
export interface RangeToWrite {
  readonly range: RawRange;
  readonly shape: Shape;
  /** The number that the ledger has for a batch that comes next. */
  nextSequence(): number;
}

/**
 * Writes a range, of which no row may be left out. Where it had to be read, and a record is too large,
 * what comes behind that is written as batches of its own.
 *
 * @throws {LoadError} where it is not written, or its part is not what it was
 */
export async function writeRange(
  job: LoadJob,
  { range, shape, nextSequence }: RangeToWrite,
  sequence: number,
  writing: Writing,
): Promise<void> {
  const { load, counters, written } = writing;
  const { format, part, byteOffset, byteEnd, file, bytesRead } = range;
  // The batch itself may be handed to another thread.
  let read: { readonly rows: number; readonly end: number; readonly ordinal: number } | undefined;
  const result = await load.writeRange!(
    { shape, format, part, byteOffset, byteEnd, file, bytesRead, sequence },
    async () => {
      const found = await range.readFrom(byteOffset);
      if (!found) return undefined;
      read = { rows: rowCount(found), end: byteEndOf(found), ordinal: found.ordinal };
      return { ...found, sequence };
    },
  );
  let rows = read?.rows ?? (result.kind === "written" ? result.counts.read : 0);
  const ordinal = read ? { ordinal: read.ordinal } : {};
  const end = read?.end ?? (rows > 0 ? byteEnd : byteOffset);
  const bytes = end - byteOffset;
  job.onBatch?.({ batch: { sequence, part, byteOffset, ...ordinal }, rows, bytes, result });
  if (rows > 0 || result.kind !== "written") counters.add(result);
  counters.give(rows);
  if (result.kind !== "written") return;
  const { counts, contentHash } = result;
  if (rows > 0) written.push({ sequence, part, byteOffset, byteEnd: end, counts, contentHash });
  for (let at = end; read && at < byteEnd;) {
    const rest = await range.readFrom(at);
    if (!rest) break;
    const more = rowCount(rest);
    at = byteEndOf(rest);
    counters.give(more);
    await writeBatch(job, { ...rest, sequence: nextSequence(), shape }, writing);
    rows += more;
  }
  await range.through(rows);
  job.onProgress?.(counters.progress());
}

/** An earlier run has left out rows of a batch. @throws {LoadError} where they are too many */
export function countEarlier(
  budget: RejectBudget,
  span: RowSpan,
  rejected: number,
  rows?: readonly number[],
): void {
  if (!budget.useEarlier(span, rejected, rows)) throw budget.tooMany(span.to);
}

/** The rows of a batch by their numbers. */
export function spanOf(batch: Pick<RawBatch, "ordinal" | "offsets">): RowSpan {
  return { from: batch.ordinal, to: batch.ordinal + rowCount(batch) };
}
