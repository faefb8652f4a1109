/**
 * The driver's own path by hand: batches cut from the file, lanes with codec and connection, ledger
 * row and hash, one COPY or INSERTs a batch; without plugin, policy, registry and program.
 */
import process from "node:process";
import { type Batch, LIMITS, ndjson, type Plan, rowCount, type Shape } from "../../../mod.ts";
import type { Connection } from "../../../host/drivers/driver.ts";
import { loadDriver } from "../../../host/drivers/load_driver.ts";
import { openLane } from "../../../host/lane/lanes.ts";
import { Batcher } from "../../../src/loader/batcher.ts";

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

/** One is written while the other is made ready. */
const BATCHES_IN_FLIGHT = 2;

const began = performance.now();
const job = JSON.parse(process.argv[2]!) as DriverJob;
const lane = await openLane(await loadDriver(job.family), { url: job.url });
try {
  await lane.run(job.session);
  const rows = await load(lane);
  console.log(JSON.stringify({ rows, seconds: (performance.now() - began) / 1_000 }));
} finally {
  await lane.close();
}

async function load(lane: Connection): Promise<number> {
  const { shape, plan, planHash, plugin, file } = job;
  const { rowsMax, bytesMax } = plan.batch;
  const order = {
    shape,
    plan,
    planHash,
    plugin,
    source: file,
    batchRowsMax: rowsMax,
    batchBytesMax: bytesMax,
    fresh: true,
    rejectTable: false,
    concurrent: false,
  };
  const { record } = await lane.prepareLoad(order);
  await lane.joinLoad(order, record);
  const limits = { rowsMax, bytesMax, recordBytesMax: LIMITS.recordBytesMax };
  await using batches = new Batcher(ndjson(file).parts(), limits);
  const flying: Promise<void>[] = [];
  let read = 0;
  for (let raw = await batches.next(); raw; raw = await batches.next()) {
    if (flying.length === BATCHES_IN_FLIGHT) await flying.shift();
    const batch: Batch = { ...raw, shape };
    read += rowCount(batch);
    flying.push(write(lane, batch));
  }
  await Promise.all(flying);
  await lane.finishLoad(order, record, { read, committed: read, superseded: 0, rejected: 0 });
  return read;
}

async function write(lane: Connection, given: Batch): Promise<void> {
  const order = { rejectsMax: 0, alone: false };
  const { result: { kind }, batch } = await lane.writeBatch(given, order, () => Promise.resolve());
  if (kind !== "written") throw new Error(`Batch ${batch.sequence} was not written: ${kind}`);
  batch.recycle?.(batch.bytes.buffer);
}
