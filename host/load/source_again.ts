/** A source that is read a second time: for its columns, or for what it was written to meanwhile. */
import { byteEndOf, withRecord } from "../../src/model/batch.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { Batcher, type BatchLimits, PartNames, type RawBatch } from "../../src/batching/batcher.ts";
import type { LoadJob } from "../../src/load/loader.ts";
import type { LoadReport } from "../../src/load/report.ts";
import type { RejectFile } from "../rejects/reject_file.ts";
import { sha256 } from "../platform/sha256.ts";
import type { Source } from "../sources/source.ts";

const BATCH_LIMITS = {
  rowsMax: LIMITS.batchRowsDefault,
  bytesMax: LIMITS.batchBytesDefault,
  recordBytesMax: LIMITS.recordBytesMax,
};

/** The batches of a part, by the name that it has in batches, cut where the ledger says. */
export async function* readAgain(
  source: Source,
  name: string,
  endOf: NonNullable<BatchLimits["endOf"]>,
): AsyncGenerator<RawBatch> {
  const names = new PartNames();
  for await (const part of source.parts()) {
    if (names.of(part.name) !== name) continue;
    const parts = ReadableStream.from([{ name, open: part.open.bind(part) }]);
    await using batches = new Batcher(parts, { ...BATCH_LIMITS, endOf });
    for (let batch; (batch = await batches.next()) !== undefined;) yield batch;
    return;
  }
}

/** The whole source, cut where the ledger says. */
export function readAll(source: Source, endOf: NonNullable<BatchLimits["endOf"]>): Batcher {
  return new Batcher(source.parts(), { ...BATCH_LIMITS, endOf });
}

/** The first batch of each part that can be opened once more: what has no size is a pipe. */
export async function* firstBatches(source: Source): AsyncGenerator<RawBatch> {
  for await (const part of source.parts()) {
    if (part.bytesTotal === undefined) continue;
    await using batches = new Batcher(ReadableStream.from([part]), BATCH_LIMITS);
    const first = await batches.next();
    if (first) yield first;
  }
}

/**
 * Keeps rows of a source that was never loaded, since nothing tells its columns. Without a load row,
 * they are known again by source and table: the same command puts them in the place of these.
 */
export function unreadKeeper(
  keeper: RejectFile,
  { source, table }: Pick<LoadReport, "source" | "table">,
): NonNullable<LoadJob["keepUnread"]> {
  let begun: Promise<void> | undefined;
  return async (batch, rows) => {
    const id = (await sha256(JSON.stringify([source, table])))
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
    await (begun ??= keeper.begin({ id, batches: [] }));
    const { sequence, part, byteOffset, format } = batch;
    const place = { sequence, part, byteOffset, byteEnd: byteEndOf(batch) };
    await keeper.keep(place, rows.map((row) => withRecord(batch, row)), format);
  };
}
