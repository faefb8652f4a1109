/**
 * Writes records in one pass: they are read, hashed, encoded and sent chunk by chunk. Their ledger row,
 * the rows and what has become of them are one transaction, as for any batch. Only what goes well comes
 * to its end here: of all else, nothing is in, and it is for whoever writes them as a batch that is
 * encoded by itself to say what is wrong.
 */
import { log, millisecondsSince } from "../../../src/model/log.ts";
import { type Batch, byteEndOf, rowCount } from "../../../src/model/batch.ts";
import type { RangeBytes, RangeResult } from "../driver.ts";
import { type BatchClosing, TableUnsure } from "./batch_closing.ts";
import type { JoinedLoad } from "./joined_load.ts";
import { type RangeEntry, rangeStatement } from "./ledger.ts";
import { FirstRefused, StreamEnded } from "./row_writer.ts";
import type { RangeRows } from "./shape_writer.ts";
import { inTransaction } from "./transaction.ts";
import { CountsDiffer, decide, writeFailure } from "./write_outcome.ts";

/** What a range is written with. */
export interface RangeOptions {
  readonly load: JoinedLoad;
  readonly closing: BatchClosing;
  /** Begins to read; undefined where the file is not what it was. */
  stream(): Promise<
    { readonly bytes: Pick<RangeBytes, "close">; readonly rows: RangeRows } | undefined
  >;
}

/** What the ledger is told of a batch that is in memory. */
export function entryOf(batch: Batch): RangeEntry {
  const { sequence, part, byteOffset, ordinal } = batch;
  return {
    ...{ sequence, part, byteOffset, byteEnd: byteEndOf(batch) },
    rows: { ordinal, count: rowCount(batch) },
  };
}

/** One transaction. Whatever comes back, it is over. @throws {LoadError} a defect of ours */
export async function writeRange(range: RangeEntry, options: RangeOptions): Promise<RangeResult> {
  const { load: { host }, closing } = options;
  const started = performance.now();
  try {
    let commitMs = 0;
    const onCommit = (ms: number) => commitMs = ms;
    const written = await inTransaction(host.session, () => write(range, options), { onCommit });
    closing.committed();
    log("batch", range.rows ? "written in one pass" : "written while it was read", {
      ...{ batch: range.sequence, part: range.part, from: range.byteOffset },
      ...{ bytes: range.byteEnd - range.byteOffset, rows: written.counts.read },
      ...{ writeMs: millisecondsSince(started), commitMs },
    });
    return {
      ...written,
      milliseconds: performance.now() - started,
      commitMilliseconds: commitMs,
    };
  } catch (error) {
    return await outcome(range, options, error);
  }
}

async function write(
  range: RangeEntry,
  { load, closing, stream: begin }: RangeOptions,
): Promise<Extract<RangeResult, { kind: "written" }>> {
  const { host } = load;
  const begun = await begin();
  if (!begun) throw new StreamEnded();
  const { bytes, rows } = begun;
  const { stream } = rows;
  try {
    const { sent, merged } = await rows.write(closing.open(rangeStatement(host, range, load)));
    if (sent !== stream.rows) throw new CountsDiffer(stream.rows, sent);
    // Batcher and codec do not agree where its records end.
    if (range.rows && range.rows.count !== sent) throw new StreamEnded();
    const counts = { read: sent, committed: merged, superseded: sent - merged, rejected: 0 };
    const contentHash = stream.hash();
    const late = { contentHash, marks: stream.marks() };
    const { statements, check } = closing.close(range, counts, { late });
    await check!(await host.session.runAll(statements));
    const { repaired } = stream;
    return {
      kind: "written",
      counts,
      contentHash,
      milliseconds: 0,
      ...(repaired > 0 ? { repaired } : {}),
    };
  } finally {
    await stream.close();
    bytes.close();
  }
}

/** What may succeed later says so; all else is said of the batch. */
async function outcome(
  range: RangeEntry,
  { load: { host, order } }: RangeOptions,
  error: unknown,
): Promise<RangeResult> {
  const unwritten = [StreamEnded, FirstRefused, TableUnsure].some((kind) => error instanceof kind);
  if (unwritten) return { kind: "unwritten" };
  const { table, columns } = order.shape;
  const failure = await writeFailure(host, error, {
    endpoint: host.endpoint,
    what: `Writing batch ${range.sequence} into ${table.name}`,
    table,
    columns: columns.map(({ name }) => name),
  });
  const result = decide(failure, host.family.asksForLess);
  return result.kind === "retry" ? result : { kind: "unwritten" };
}
