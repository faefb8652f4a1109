import { assertEquals } from "@std/assert";
import type { WriteResult } from "../../../src/model/backend.ts";
import type { Batch } from "../../../src/model/batch.ts";
import type { FailureKind } from "../../../src/model/failure.ts";
import type { Connection, LoadOrder, PreparedLoad } from "../../../host/drivers/driver.ts";
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

const chosen = (value: number) => ({ value, by: "default" }) as const;
const SIZES = { range: undefined, bytes: chosen(100), rows: chosen(1), bytesMax: 100 };

/** A load on one connection, or on as many as there are lanes, that does so. */
async function opened(
  does: Partial<Connection> & { readonly released?: () => void },
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
  const lease = { connection, release: () => Promise.resolve(does.released?.()) };
  const share = { pool: { lease: () => Promise.resolve(lease) }, release: () => Promise.resolve() };
  return await PluginLoad.open({} as LoadOrder, share as never, {
    lanes: { wanted: 1, required: true },
    sizes: SIZES,
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
    prepareBatch: (batch) => ({
      write: () => Promise.resolve({ result: results.shift()!, batch }),
      takeBack: () => Promise.resolve(batch),
    }),
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
  const streaming = { writesRanges: () => Promise.resolve(true) };
  const sizesOf = async (ranges: boolean) => {
    const sizes = ranges ? { ...SIZES, range: chosen(1_000) } : SIZES;
    const { batchBytesMax, rangeBytesMax } = await opened(streaming, { prepared, sizes });
    return { batchBytesMax, rangeBytesMax };
  };
  assertEquals(await sizesOf(true), { batchBytesMax: 100, rangeBytesMax: 1_000 });
  assertEquals(await sizesOf(false), { batchBytesMax: 100, rangeBytesMax: undefined });
});

Deno.test("load that cannot be joined lets go of no connection that has something to do", async () => {
  const late = Promise.withResolvers<void>();
  const said: string[] = [];
  const joins = [() => Promise.reject(new Error("refused")), () => late.promise];
  const opening = opened({
    joinLoad: () => joins.shift()!(),
    released: () => said.push("released"),
  }, { lanes: { wanted: 2, required: true } }).catch(({ message }: Error) => said.push(message));
  await new Promise((resolve) => setTimeout(resolve, 1));
  said.push("joined");
  late.resolve();
  await opening;
  assertEquals(said, ["joined", "released", "released", "refused"]);
});
