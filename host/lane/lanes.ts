/**
 * Lanes: connections that carry the batches of loads, each with a compiled codec. One of them runs in
 * this thread, which costs nothing to start; a further one has a worker, and so has every lane of a
 * driver that blocks. Of a driver whose connections share an engine, all run in this thread.
 */
import { log, millisecondsSince } from "../../src/model/log.ts";
import type { Config } from "../../src/model/config_schema.ts";
import { compiledCodec } from "../codec/wasm_module.ts";
import { createWasmCodec } from "../codec/wasm_codec.ts";
import type { Connection, Driver } from "../drivers/driver.ts";
import { rangeOpener } from "../sources/range_bytes.ts";
import type { LaneRequest } from "./protocol.ts";
import { newLaneWorker, WorkerConnection } from "./worker_connection.ts";

/** A worker costs a tenth of a second of CPU to start; in that time another lane loads so much. */
const LANE_BYTES_MIN = 32 * 1024 * 1024;

/** A worker takes 100 ms of CPU to begin; into SQLite so much is loaded in 5 to 10. */
const SMALL_BYTES_MAX = 256 * 1024;

/** Workers that no lane was opened in yet. */
const spare: Worker[] = [];
/** The lane that runs in this thread, or its place while it is being opened. */
let here: Pick<Connection, "usable"> | undefined;

/**
 * As many as there are cores: on two of them, four lanes were a tenth slower than two and took 60 MB
 * more. Four at the most, so that memory stays bounded on large machines; fewer where a lane keeps more
 * than one core busy, or the source is known to be so small that a further one would cost more than it
 * brings.
 */
export function lanesByDefault(
  { coresOfLane = 1 }: Pick<Driver, "coresOfLane">,
  sourceBytes = Infinity,
): number {
  const cores = Math.floor(navigator.hardwareConcurrency / coresOfLane);
  return Math.max(1, Math.min(4, cores, Math.ceil(sourceBytes / LANE_BYTES_MIN)));
}

/**
 * Whether a source is so small that a lane of a driver that blocks runs in this thread: it is loaded
 * sooner than a worker begins, and keeps the thread for some milliseconds.
 */
export function isSmall(sourceBytes: number | undefined): boolean {
  return sourceBytes !== undefined && sourceBytes <= SMALL_BYTES_MAX;
}

/**
 * Opens a lane, in this thread where it is for a small source.
 *
 * @throws {LoadError} what connecting throws
 */
export async function openLane(
  driver: Driver,
  config: Config,
  { small = false }: { readonly small?: boolean } = {},
): Promise<Connection> {
  const started = performance.now();
  const isHere = driver.oneThread || small || !(here?.usable || driver.blocks);
  const lane = isHere
    ? await openHere(driver, config, small)
    : await WorkerConnection.open(spare.pop() ?? newLaneWorker(), driver.family, config);
  const thread = isHere ? "main" : "worker";
  log("lane", "opened", { driver: driver.family, thread, ms: millisecondsSince(started) });
  return lane;
}

async function openHere(driver: Driver, config: Config, small: boolean): Promise<Connection> {
  if (driver.oneThread || small) return await connectHere(driver, config);
  here = { usable: true };
  try {
    return here = await connectHere(driver, config);
  } catch (error) {
    here = undefined;
    throw error;
  }
}

async function connectHere(driver: Driver, config: Config): Promise<Connection> {
  const [codec] = await Promise.all([createWasmCodec(), driver.preload()]);
  return await driver.connect(config, { codec, openRange: rangeOpener({ blocking: false }) });
}

/** Begins what opening lanes takes the most time for: so many workers, and the codec. */
export function expectLanes({ workers }: { readonly workers: number }): void {
  // Opening a lane will say why, where it cannot be read.
  compiledCodec().catch(() => {});
  try {
    for (let i = 0; i < workers; i++) spare.push(newLaneWorker());
  } catch {
    // So it will of a worker.
  }
}

/** Loads a driver's client library before a connection is asked for, here or where lanes will be. */
export function preloadDriver({ family, blocks, preload }: Driver): void {
  const request: LaneRequest = { kind: "preload", family };
  for (const worker of spare) worker.postMessage(request);
  // Opening a connection will say why, where it does not load.
  if (!blocks) preload().catch(() => {});
}

/** Ends the workers that no lane was opened in. */
export function endSpareWorkers(): void {
  for (const worker of spare.splice(0)) worker.terminate();
}
