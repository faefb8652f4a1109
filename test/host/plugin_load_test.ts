import { assertEquals } from "@std/assert";
import type { WriteResult } from "../../src/backend.ts";
import type { Batch } from "../../src/batch.ts";
import type { FailureKind } from "../../src/failure.ts";
import type { Connection, LoadOrder } from "../../host/drivers/driver.ts";
import { PluginLoad } from "../../host/plugin_load.ts";

async function written(result: WriteResult, word: FailureKind): Promise<[string, string[]]> {
  const asked: string[] = [];
  const connection = {
    prepareLoad: () => Promise.resolve({ id: "l", generation: 1 }),
    joinLoad: () => Promise.resolve(),
    writeBatch: () => Promise.resolve(result),
  } as unknown as Connection;
  const lease = { connection, release: () => Promise.resolve() };
  const share = { pool: { lease: () => Promise.resolve(lease) }, release: () => Promise.resolve() };
  const load = await PluginLoad.open({} as LoadOrder, share as never, {
    lanes: { wanted: 1, required: true },
    classify: (code) => (asked.push(code), Promise.resolve(word)),
    breaker: { failed: () => Promise.resolve(), succeeded: () => Promise.resolve() },
  });
  return [(await load.write({} as Batch)).kind, asked];
}

const UNKNOWN: WriteResult = {
  kind: "fatal",
  failure: { kind: "unknown", code: "XX000", message: "It failed" },
};

Deno.test("load asks the plugin what a code means that the driver does not know", async () => {
  assertEquals(await written(UNKNOWN, "unavailable"), ["retry", ["XX000"]]);
  assertEquals(await written(UNKNOWN, "conflict"), ["retry", ["XX000"]]);
  assertEquals(await written(UNKNOWN, "unknown"), ["fatal", ["XX000"]]);
});

Deno.test("load asks nobody about codes that the driver knows, nor about a lost commit", async () => {
  const { failure } = UNKNOWN as Extract<WriteResult, { kind: "fatal" }>;
  const known: WriteResult = { kind: "fatal", failure: { ...failure, kind: "privilege" } };
  const lost: WriteResult = { kind: "fatal", failure: { ...failure, commitUnknown: true } };
  assertEquals(await written(known, "conflict"), ["fatal", []]);
  assertEquals(await written(lost, "conflict"), ["fatal", []]);
});
