/** How a load gets on: samples, times of batches, and what was left out. */
import { assertEquals } from "@std/assert";
import { LoadMonitor } from "../../../host/api/load_monitor.ts";
import type { RejectedRow } from "../../../src/model/batch.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { BatchEvent } from "../../../mod.ts";
import { ManualWorld } from "../../support/manual_world.ts";

const COUNTS = { read: 10, committed: 10, superseded: 0, rejected: 0 };

function written(milliseconds: number, more: object = {}): BatchEvent {
  return {
    batch: { sequence: 0, part: "a.csv", byteOffset: 0 },
    ...{ rows: 10, bytes: 100 },
    result: { kind: "written", counts: COUNTS, contentHash: "", milliseconds, ...more },
  };
}

function rejected(code: RejectedRow["code"], line: number, column?: string): RejectedRow {
  const place = {
    ordinal: line,
    part: "a.csv",
    line,
    byte: 0,
    ...column !== undefined && { column },
  };
  return { ...place, code, message: "It does not fit" } as RejectedRow;
}

/** A load that runs, of which a test says how far it is. */
function running() {
  const world = new ManualWorld();
  const monitor = new LoadMonitor(world);
  const at = { rows: 0, batches: 0 };
  const begin = () => {
    const listeners = monitor.begin({ file: "left.ndjson" });
    listeners.onStart(() => ({
      ...{ rowsCommitted: at.rows, batches: at.batches, bytesRead: at.rows * 10, milliseconds: 0 },
    }));
    return listeners;
  };
  return { world, monitor, at, begin };
}

Deno.test("monitor takes a sample a second, with what batches took since the one before", async () => {
  const { world, monitor, at, begin } = running();
  assertEquals([monitor.samples, monitor.rate, monitor.progress], [[], undefined, undefined]);
  const { onBatch } = begin();
  assertEquals(monitor.samples.length, 1);
  for (let i = 1; i <= 20; i++) onBatch(written(i));
  onBatch(written(5_000, { alreadyIn: true }));
  Object.assign(at, { rows: 200, batches: 20 });
  await world.pass(1_000);
  await world.pass(1_000);
  assertEquals(monitor.samples, [
    { at: 0, rows: 0, bytes: 0, batches: 0 },
    ...[{
      at: 1_000,
      rows: 200,
      bytes: 2_000,
      batches: 20,
      latency: { p50: 10, p95: 19, max: 20 },
    }],
    { at: 2_000, rows: 200, bytes: 2_000, batches: 20 },
  ]);
  assertEquals(monitor.rate, { rowsPerSecond: 100, bytesPerSecond: 1_000 });
  at.rows = 1_200;
  await world.pass(5_000);
  assertEquals(
    monitor.rate,
    { rowsPerSecond: 200, bytesPerSecond: 2_000 },
    "of five seconds alone",
  );
  monitor.end();
  assertEquals([monitor.rate, monitor.progress, monitor.samples.length], [undefined, undefined, 9]);
  await world.pass(10_000);
  assertEquals([world.sleepers, monitor.samples.length], [0, 9]);
});

Deno.test("monitor holds a bounded number of samples and times, and forgets the run before", async () => {
  const { world, monitor, begin } = running();
  const { onBatch } = begin();
  for (let i = 0; i < 100_000; i++) onBatch(written(i < 99_000 ? 9 : 1));
  await world.pass((LIMITS.samplesMax + 50) * 1_000);
  assertEquals(monitor.samples.length, LIMITS.samplesMax);
  assertEquals(monitor.samples.at(-1)!.at, (LIMITS.samplesMax + 50) * 1_000);
  begin();
  assertEquals(monitor.samples.length, 1);
  onBatch(written(7));
  monitor.end();
  assertEquals(world.sleepers, 0);
});

Deno.test("monitor counts what could not be loaded by its reason, with the place of the first", () => {
  const { monitor, begin } = running();
  const { onBatch } = begin();
  onBatch(written(1, { rejects: [rejected("type", 7, "id"), rejected("type", 9)] }));
  onBatch(written(1, { rejects: [rejected("integrity", 3)] }));
  const { batch, rows, bytes } = written(1);
  onBatch({ batch, rows, bytes, result: { kind: "reject", rows: [rejected("type", 20)] } });
  assertEquals(monitor.rejects?.file, "left.ndjson");
  assertEquals(monitor.rejects?.byCode, [
    { code: "type", count: 3, example: "a.csv:7: column id: It does not fit" },
    { code: "integrity", count: 1, example: "a.csv:3: It does not fit" },
  ]);
  monitor.end();
  assertEquals(monitor.rejects?.byCode.length, 2, "they stay until another run begins");
  begin();
  assertEquals(monitor.rejects, undefined);
  monitor.end();
});
