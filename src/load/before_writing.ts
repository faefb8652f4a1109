/** What comes before the first batch of a load that its ledger does not have. */
import type { BackendLoad } from "../model/backend.ts";
import { changedError, LedgerIndex } from "./ledger_index.ts";
import type { LoadJob } from "./loader.ts";

/**
 * Waits until the load may write, where somebody wants to be asked. Everything that the ledger has is held
 * against the source first: what was not read yet is read for that alone, and once more later.
 *
 * @throws {LoadError} `source_changed`, and what {@linkcode LoadJob.beforeWriting} throws
 */
export async function allowWriting(
  job: LoadJob,
  load: BackendLoad,
  ledger: LedgerIndex,
): Promise<void> {
  if (!job.beforeWriting) return;
  if (!ledger.isThrough) await verify(job, load);
  await job.beforeWriting();
}

async function verify(job: LoadJob, load: BackendLoad): Promise<void> {
  const index = new LedgerIndex(load.batches, job.hash);
  await using batches = job.readAll!((part, offset) => index.endOf(part, offset));
  for (let batch; (batch = await batches.next()) !== undefined;) {
    job.signal?.throwIfAborted();
    const known = index.take(batch);
    if (known?.kind === "changed") {
      throw changedError(batch, known, await load.marksOf?.(known.entry));
    }
    batch.recycle?.(batch.bytes.buffer);
    if (index.isThrough) return;
  }
  index.checkEnd(batches.opened);
}
