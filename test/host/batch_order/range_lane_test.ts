/** Ranges in a lane: what is not written in one go is read, in its turn, and nothing overtakes it. */
import { assertEquals, assertRejects } from "@std/assert";
import type { WriteResult } from "../../../src/model/backend.ts";
import type { Batch, BatchRange, Shape } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { realWorld } from "../../../src/model/world.ts";
import type { Connection, RangeResult } from "../../../host/drivers/driver.ts";
import { LaneGate } from "../../../host/batch_order/lane_gate.ts";
import { LoadLane } from "../../../host/batch_order/load_lane.ts";

const SHAPE = { table: { name: "t" }, columns: [], mode: "append" } as Shape;
const WRITTEN = {
  kind: "written",
  counts: { read: 1, committed: 1, superseded: 0, rejected: 0 },
  contentHash: "",
  milliseconds: 0,
} as const;
const UNWRITTEN = { kind: "unwritten" } as const;
const CONFLICT = {
  kind: "retry",
  failure: { kind: "conflict", code: "X", message: "conflict" },
  afterMs: 0,
} as const;
const REJECT = { kind: "reject", rows: [] } as const;

/** A lane, and what is done on its connections: `r1` writes range 1, `b1` a batch of it. */
function lane(ranges: (RangeResult | "lost")[], batches: WriteResult[] = []) {
  const done: string[] = [];
  let usable = true;
  const raw = {
    get usable() {
      return usable;
    },
    writeRange: ({ sequence }: BatchRange) => {
      const act = ranges.shift() ?? WRITTEN;
      done.push(`r${sequence}`);
      if (act === "lost") usable = false;
      return Promise.resolve(act === "lost" ? CONFLICT : act);
    },
    prepareBatch: (batch: Batch) => ({
      write: () => {
        done.push(`b${batch.sequence}`);
        return Promise.resolve({ result: batches.shift() ?? WRITTEN, batch });
      },
      takeBack: () => Promise.resolve(batch),
    }),
    close: () => Promise.resolve(),
  } as unknown as Connection;
  const lease = () => ({ connection: raw, release: () => Promise.resolve() });
  const retries: number[] = [];
  const made = new LoadLane({
    lease: lease(),
    shape: { shape: SHAPE, optional: [] },
    reopen: () => {
      usable = true;
      done.push("reopen");
      return Promise.resolve(lease());
    },
    rejoin: () => Promise.resolve(undefined),
    group: () => Promise.reject(new Error("Nothing is to be gathered")),
    classify: () => Promise.resolve("unknown"),
    gate: new LaneGate(),
    world: { ...realWorld, sleep: (_ms, signal) => realWorld.sleep(0, signal) },
    breaker: {
      run: (work) => work(),
      failed: () => Promise.resolve(),
      succeeded: () => Promise.resolve(),
    },
    onRetry: (retry) => retries.push("sequence" in retry ? Number(retry.sequence) : -1),
  });
  const options = { rejectsMax: 0, keep: () => Promise.resolve() };
  const write = (sequence: number, read?: () => Promise<Omit<Batch, "shape"> | undefined>) =>
    made.writeRange(
      { sequence } as BatchRange,
      read ?? (() => {
        done.push(`read${sequence}`);
        const bytes = new Uint8Array(1);
        return Promise.resolve({ sequence, bytes, offsets: new Uint32Array(2) } as Batch);
      }),
      options,
    );
  return { write, done, retries };
}

Deno.test("lane writes ranges in their order, and reads none that is written", async () => {
  const { write, done } = lane([]);
  const results = await Promise.all([0, 1, 2].map((sequence) => write(sequence)));
  assertEquals(results.map(({ kind }) => kind), ["written", "written", "written"]);
  assertEquals(done, ["r0", "r1", "r2"]);
});

Deno.test("lane reads a range that was not written, and none behind it goes before", async () => {
  const { write, done, retries } = lane([WRITTEN, UNWRITTEN]);
  await Promise.all([0, 1, 2, 3].map((sequence) => write(sequence)));
  assertEquals(done, ["r0", "r1", "read1", "b1", "r2", "r3"]);
  assertEquals(retries, [], "nothing was tried a second time");
});

Deno.test("lane tells of a range that failed for a while, and goes on elsewhere with what it reads", async () => {
  const { write, done, retries } = lane(["lost"]);
  await Promise.all([0, 1].map((sequence) => write(sequence)));
  assertEquals(done, ["r0", "reopen", "read0", "b0", "r1"]);
  assertEquals(retries, [0]);
});

Deno.test("lane that reads a range says of it what it says of a batch, and writes nothing more", async () => {
  const { write, done } = lane([UNWRITTEN], [REJECT]);
  const results = await Promise.all([0, 1].map((sequence) => write(sequence)));
  assertEquals(results.map(({ kind }) => kind), ["reject", "retry"]);
  assertEquals(done, ["r0", "read0", "b0"]);
});

Deno.test("lane takes a range without records for written, once it is read", async () => {
  const { write, done } = lane([UNWRITTEN]);
  const [first] = await Promise.all([write(0, () => Promise.resolve(undefined)), write(1)]);
  assertEquals(first!.kind === "written" && first.counts.read, 0);
  assertEquals(done, ["r0", "r1"]);
});

Deno.test("lane ends with the error that a range cannot be read for", async () => {
  const { write } = lane([UNWRITTEN]);
  const error = new LoadError("The file has changed", { code: "source_changed", blame: "data" });
  const other = write(1, () => Promise.reject(error));
  await assertRejects(() => write(0, () => Promise.reject(error)), LoadError, "has changed");
  await other.catch(() => {});
});
