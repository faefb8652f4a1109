/**
 * Parts that were written to while they were read. What was read of one is held against what stands
 * there now, by the hashes that the ledger has: where it was only added to, or touched, it is the same.
 */
import type { BackendLoad, LedgerBatch } from "../model/backend.ts";
import { LoadError } from "../model/errors.ts";
import { changedError, LedgerIndex } from "./ledger_index.ts";
import type { LoadJob } from "./loader.ts";

/** @throws {LoadError} `source_changed` where a part is not what was read of it */
export async function checkWritten(
  job: LoadJob,
  load: BackendLoad,
  batches: readonly LedgerBatch[],
): Promise<void> {
  for (const name of job.batches.written?.keys() ?? []) {
    const own = batches.filter(({ part }) => part === name);
    if (own.length > 0) await checkPart(job, { name, load, own });
  }
}

async function checkPart(
  job: LoadJob,
  { name, load, own }: {
    readonly name: string;
    readonly load: BackendLoad;
    readonly own: readonly LedgerBatch[];
  },
): Promise<void> {
  // Without a ledger, the hashes are the backend's own.
  if (load.id === "" || !job.readAgain) throw writtenError(name);
  const index = new LedgerIndex(own, job.hash);
  let left = own.length;
  for await (const batch of job.readAgain(name, (part, offset) => index.endOf(part, offset))) {
    job.signal?.throwIfAborted();
    const known = index.take(batch);
    if (!known) throw writtenError(name);
    if (known.kind === "changed") {
      throw changedError(batch, known, await load.marksOf?.(known.entry));
    }
    if (--left === 0) return;
  }
  throw writtenError(name);
}

function writtenError(name: string): LoadError {
  return new LoadError(
    `${name} was written again while it was read: what was read of it may belong to either. Load it ` +
      "again once it is whole",
    { code: "source_changed", blame: "data" },
  );
}

/** What to say of parts that have grown. */
export function grownNotes({ batches }: Pick<LoadJob, "batches">): string[] {
  const grown = [...batches.written ?? []].filter(([, fate]) => fate === "grown");
  return grown.map(([name]) =>
    `${name} has grown while it was read: what came since then is left to the next run`
  );
}
