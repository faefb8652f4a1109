/**
 * The driver's own path by hand: ranges of the file where the driver writes such, else batches, a lane
 * with codec and connection, ledger row and hash; without plugin, policy, registry and program.
 */
import process from "node:process";
import {
  type Batch,
  type BatchRange,
  LIMITS,
  ndjson,
  type Plan,
  rowCount,
  type Shape,
} from "../../../mod.ts";
import type { Connection } from "../../../host/drivers/driver.ts";
import { loadDriver } from "../../../host/drivers/load_driver.ts";
import { openLane } from "../../../host/lane/lanes.ts";
import { loadSizes } from "../../../host/batch_order/range_size.ts";
import { Batcher, type RawBatch, type RawRange } from "../../../src/batching/batcher.ts";

/** What it is to do; its only argument, as JSON. */
export interface DriverJob {
  /** NDJSON. */
  readonly file: string;
  readonly family: string;
  readonly url: string;
  readonly shape: Shape;
  readonly plan: Plan;
  readonly planHash: string;
  readonly plugin: { readonly name: string; readonly version: string; readonly sha256: string };
  /** Statements that begin a session. */
  readonly session: readonly string[];
}

const began = performance.now();
const job = JSON.parse(process.argv[2]!) as DriverJob;
const driver = await loadDriver(job.family);
const lane = await openLane(driver, { url: job.url });
try {
  await lane.run(job.session);
  const rows = await load(lane);
  console.log(JSON.stringify({ rows, seconds: (performance.now() - began) / 1_000 }));
} finally {
  await lane.close();
}

async function load(lane: Connection): Promise<number> {
  const { shape, plan, planHash, plugin, file } = job;
  const source = ndjson(file);
  const { range, bytes, rows } = loadSizes({
    batchRowsMax: LIMITS.batchRowsMax,
    batchBytesMax: LIMITS.batchBytesMax,
    rangeBytesMax: LIMITS.rangeBytesMax,
    ...(source.bytesTotal === undefined ? {} : { sourceBytes: source.bytesTotal }),
  }, {
    ranges: driver.ranges?.({ url: job.url }, { shape, plan }),
    lanes: 1,
    plan: plan.batch,
  });
  const order = {
    shape,
    plan,
    planHash,
    plugin,
    source: file,
    batchRowsMax: rows.value,
    batchBytesMax: (range ?? bytes).value,
    fresh: true,
    rejectTable: false,
    concurrent: false,
  };
  const { record } = await lane.prepareLoad(order);
  await lane.joinLoad(order, record);
  const { recordBytesMax } = LIMITS;
  const limits = { rowsMax: rows.value, bytesMax: bytes.value, recordBytesMax };
  await using batches = new Batcher(source.parts(), limits);
  let writing: Promise<number> | undefined;
  let read = 0;
  let sequence = 0;
  let next: RawBatch | RawRange | undefined = await batches.next();
  if (range && next && await lane.writesRanges?.()) {
    batches.restart(next as RawBatch, { ...limits, rangeBytesMax: range.value });
    next = await batches.take();
  }
  for (; next; next = await batches.take()) {
    // One is made ready while the other is written.
    const write = "byteEnd" in next
      ? rangeWriter(lane, next, { ...next, shape, sequence: sequence++ })
      : batchWriter(lane, { ...next, shape });
    read += await writing ?? 0;
    writing = write();
  }
  read += await writing ?? 0;
  await lane.finishLoad(order, record, { read, committed: read, superseded: 0, rejected: 0 });
  return read;
}

function rangeWriter(
  lane: Connection,
  raw: RawRange,
  given: BatchRange,
): () => Promise<number> {
  const { readFrom: _, through: __, ...range } = given as BatchRange & RawRange;
  const prepared = lane.prepareRange?.(range);
  return async () => {
    const result = await (prepared?.write() ?? lane.writeRange!(range));
    if (result.kind !== "written") {
      throw new Error(`Range ${range.sequence} was not written: ${result.kind}`);
    }
    await raw.through(result.counts.read);
    return result.counts.read;
  };
}

function batchWriter(lane: Connection, given: Batch): () => Promise<number> {
  const rows = rowCount(given);
  const prepared = lane.prepareBatch(given, { rejectsMax: 0, alone: false });
  return async () => {
    const { result: { kind }, batch } = await prepared.write(() => Promise.resolve());
    if (kind !== "written") throw new Error(`Batch ${batch.sequence} was not written: ${kind}`);
    batch.recycle?.(batch.bytes.buffer);
    return rows;
  };
}
