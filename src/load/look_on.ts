/**
 * Where the first batch of a source does not tell the columns: no record of it that can be read has
 * a field. The source is not empty then, and what cannot be read counts as it does anywhere else.
 */
import type { RejectedRow } from "../model/batch.ts";
import { rowCount } from "../model/batch.ts";
import { LoadError } from "../model/errors.ts";
import type { RawBatch } from "../batching/batcher.ts";
import type { LookJob } from "./loader.ts";
import { RejectBudget } from "./reject_budget.ts";
import { rejection } from "./rejection.ts";

/** How far a part is looked into for a record that tells the columns; it is held in memory. */
export const LOOK_BYTES_MAX = 64 * 1024 * 1024;
const LOOK_ROWS_MAX = 4_000_000;

/**
 * Looks on for a batch that tells the columns: in the same part, and at the beginning of the others.
 * Returns the first batch, as it is to be written.
 *
 * @throws {LoadError} `rows_rejected` where the first batch has more rows that cannot be read than may
 * be left out
 */
export async function lookOn(job: LookJob, first: RawBatch): Promise<RawBatch> {
  const refused = refusal(new RejectBudget(job.rejectLimit), first, job.unreadable(first));
  if (refused) throw refused;
  const { batches } = job;
  // What is too large cannot be taken back; the records behind it are not looked at.
  if (first.tooLarge === undefined) {
    batches.restart(first, { rowsMax: LOOK_ROWS_MAX, bytesMax: LOOK_BYTES_MAX });
    const wide = (await batches.next())!;
    const told = await job.readColumns(wide);
    batches.restart(wide, { rowsMax: job.batchRowsMax, bytesMax: job.batchBytesMax });
    first = (await batches.next())!;
    if (told) return first;
  }
  for await (const batch of job.otherParts?.() ?? []) {
    job.signal?.throwIfAborted();
    if (await job.readColumns(batch)) break;
  }
  return first;
}

/**
 * The error for a source with records of which none tells the columns. There is no table to load
 * them into; those that cannot be read are kept, where a file of rejects was named. The load is not
 * complete then, whatever may be left out.
 */
export async function untoldError(job: LookJob, first: RawBatch): Promise<LoadError> {
  const budget = new RejectBudget(job.rejectLimit);
  let place: RejectedRow | undefined;
  let rows = 0;
  let unread = 0;
  for (let next: RawBatch | undefined = first; next; next = await job.batches.next()) {
    job.signal?.throwIfAborted();
    const rejects = job.unreadable(next);
    const refused = refusal(budget, next, rejects);
    if (refused) return refused;
    await job.keepUnread?.(next, rejects);
    place ??= rejects[0];
    rows += rowCount(next);
    unread += rejects.length;
    if (rejects.length < rowCount(next) && await job.readColumns(next)) {
      return untold(job, `the first that does stands behind line ${next.line} of ${next.part}`);
    }
  }
  const readable = unread < rows
    ? `${unread === 0 ? "" : "the other "}${rows - unread} have no field`
    : "";
  if (!place) return untold(job, readable);
  return untold(
    job,
    `${unread} cannot be read, as in ${place.part}:${place.line}: ${place.message}` +
      (job.keepUnread ? ". They are in the file of rejects" : "") +
      (readable && `; ${readable}`),
  );
}

function untold({ about }: LookJob, why: string): LoadError {
  return new LoadError(
    `No record of the source tells the columns of table ${about.table}, which was not created: ` +
      `${why}. Give the columns with --schema`,
    { code: "rows_rejected", blame: "data" },
  );
}

/** The error for rows of a batch, where they are more than may be left out. */
function refusal(
  budget: RejectBudget,
  batch: RawBatch,
  rows: readonly RejectedRow[],
): LoadError | undefined {
  const span = { from: batch.ordinal, to: batch.ordinal + rowCount(batch) };
  const limit = budget.describe(span);
  budget.forBatch(span);
  const isWithin = budget.use(span, rows.map(({ ordinal }) => ordinal));
  return isWithin ? undefined : rejection(rows, { committed: false, limit });
}
