import { assertEquals } from "@std/assert";
import type { WriteResult } from "../../../src/model/backend.ts";
import type { Batch } from "../../../src/model/batch.ts";
import type { FailureKind } from "../../../src/model/failure.ts";
import type {
  BatchAnswer,
  Connection,
  LoadOrder,
  PreparedLoad,
} from "../../../host/drivers/driver.ts";
import { PluginLoad, type PluginLoadOptions } from "../../../host/plugins/plugin_load.ts";
import { ManualWorld } from "../../support/manual_world.ts";

const PREPARED: PreparedLoad = {
  record: { id: "l", generation: 1 },
  batchRowsMax: 1,
  batchBytesMax: 1,
  batches: [],
  complete: false,
};
const WRITTEN: WriteResult = {
  kind: "written",
  counts: { read: 1, committed: 1, superseded: 0, rejected: 0 },
  contentHash: "",
  milliseconds: 0,
};

/** A load on one connection that does so. */
async function opened(
  does: Partial<Connection>,
  {
    prepared = PREPARED,
    classify = () => Promise.resolve("unknown"),
    ...options
  }: Partial<PluginLoadOptions> & { readonly prepared?: PreparedLoad } = {},
): Promise<PluginLoad> {
  const connection = {
    usable: true,
    prepareLoad: () => Promise.resolve(prepared),
    joinLoad: () => Promise.resolve(),
    ...does,
  } as unknown as Connection;
  const lease = { connection, release: () => Promise.resolve() };
  const share = { pool: { lease: () => Promise.resolve(lease) }, release: () => Promise.resolve() };
  return await PluginLoad.open({ batchRowsMax: 1 } as LoadOrder, share as never, {
    lanes: { wanted: 1, required: true },
    ranges: false,
    bufferBytesMax: 100,
    classify,
    world: Object.assign(new ManualWorld(), { sleep: () => Promise.resolve() }),
    replan: () => Promise.resolve(undefined),
    optional: [],
    group: () => Promise.reject(new Error("Nothing is to be gathered")),
    breaker: {
      run: (work) => work(),
      failed: () => Promise.resolve(),
      succeeded: () => Promise.resolve(),
    },
    ...options,
  });
}

/** Writes a batch that fails so the first time: what became of it, and which codes were asked about. */
async function written(first: WriteResult, word: FailureKind): Promise<[string, string[]]> {
  const asked: string[] = [];
  const results = [first, WRITTEN];
  const load = await opened({
    writeBatch: (batch: Batch): Promise<BatchAnswer> =>
      Promise.resolve({ result: results.shift()!, batch }),
  }, { classify: (code) => (asked.push(code), Promise.resolve(word)) });
  return [(await load.write({ sequence: 0 } as Batch)).kind, asked];
}

const UNKNOWN: WriteResult = {
  kind: "fatal",
  failure: { kind: "unknown", code: "XX000", message: "It failed" },
};

Deno.test("load asks the plugin what a code means that the driver does not know", async () => {
  assertEquals(await written(UNKNOWN, "unavailable"), ["written", ["XX000"]]);
  assertEquals(await written(UNKNOWN, "conflict"), ["written", ["XX000"]]);
  assertEquals(await written(UNKNOWN, "unknown"), ["fatal", ["XX000"]]);
});

Deno.test("load asks nobody about codes that the driver knows, nor about a lost commit", async () => {
  const { failure } = UNKNOWN as Extract<WriteResult, { kind: "fatal" }>;
  const known: WriteResult = { kind: "fatal", failure: { ...failure, kind: "privilege" } };
  const lost: WriteResult = {
    kind: "retry",
    failure: { ...failure, commitUnknown: true },
    afterMs: 1_000,
  };
  assertEquals(await written(known, "conflict"), ["fatal", []]);
  assertEquals(await written(lost, "conflict"), ["written", []]);
});

Deno.test("load with large ranges has small batches where a part cannot be read anywhere", async () => {
  const prepared = { ...PREPARED, batchBytesMax: 1_000 };
  const streaming = { streams: () => Promise.resolve(true) };
  const sizesOf = async (ranges: boolean) => {
    const { batchBytesMax, rangeBytesMax } = await opened(streaming, { prepared, ranges });
    return { batchBytesMax, rangeBytesMax };
  };
  assertEquals(await sizesOf(true), { batchBytesMax: 100, rangeBytesMax: 1_000 });
  assertEquals(await sizesOf(false), { batchBytesMax: 100, rangeBytesMax: undefined });
});
