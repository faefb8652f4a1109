/** Batches of a lane whose rows vary: they are gathered into groups and sent again, in their order. */
import { assertEquals, assertRejects } from "@std/assert";
import type { WriteResult } from "../../../src/model/backend.ts";
import type { Batch, Column } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { realWorld } from "../../../src/model/world.ts";
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";
import type { BatchOrder, Connection, PlannedGroup } from "../../../host/drivers/driver.ts";
import { GroupPlanner } from "../../../host/batch_order/group_planner.ts";
import { LaneGate } from "../../../host/batch_order/lane_gate.ts";
import { LoadLane } from "../../../host/batch_order/load_lane.ts";
import { batchOf, columnsOf, LENIENT } from "../codec/sample_batch.ts";

const COLUMNS = columnsOf({ id: "int64", a: "text", b: "int64" })
  .map((column) => column.name === "id" ? { ...column, nullable: false, key: true } : column);
const OPTIONAL = [...COLUMNS.slice(1), ...columnsOf({ c: "text" })];

const VARIES: Extract<WriteResult, { kind: "retry" }> = {
  kind: "retry",
  failure: { kind: "unknown", code: "FIELDS_VARY", message: "Rows vary" },
  afterMs: 0,
  varies: true,
};

/** What is expected of a batch as it is sent: its number, its groups, and whether it may vary. */
type Sent = readonly [sequence: number, groups: readonly string[] | undefined, open: boolean];

function groupName({ shape, rows }: PlannedGroup): string {
  return `${shape.columns.map(({ name }) => name).join()}${rows ? ` ${rows.join()}` : ""}`;
}

/** A lane on a connection that knows of a batch whether it varies, as every connection finds out. */
async function lane(
  plan = (_columns: readonly Column[]) => Promise.resolve(),
  failures: WriteResult[] = [],
) {
  const codec = await createReferenceCodec();
  const sent: Sent[] = [];
  let gathered = 0;
  const connection = {
    usable: true,
    prepareBatch: (batch: Batch, order: BatchOrder) => ({
      write: () => write(batch, order),
      takeBack: () => Promise.resolve(structuredClone(batch)),
    }),
  } as unknown as Connection;
  const write = async (batch: Batch, { groups }: BatchOrder) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    const open = (batch.optional?.length ?? 0) > 0;
    sent.push([batch.sequence, groups?.groups.map(groupName), open]);
    const failure = groups ? failures.shift() : undefined;
    if (failure) return { result: failure, batch: structuredClone(batch) };
    const one = groups?.groups[0]?.rows === undefined ? groups?.groups[0] : undefined;
    const shape = one?.shape ?? batch.shape;
    const reader = codec.cells({ ...batch, shape }, LENIENT);
    if (groups === undefined || one) { while (reader.read(1, [], []) > 0); }
    const rows = batch.offsets.length - 1;
    const counts = { read: rows, committed: rows, superseded: 0, rejected: 0 };
    const written = { kind: "written", counts, contentHash: "", milliseconds: 0 } as const;
    return { result: reader.varies ? VARIES : written, batch: structuredClone(batch) };
  };
  const planner = new GroupPlanner({
    plan: async ({ columns }) => {
      await plan(columns);
      return { plan: {} as never, hash: "" };
    },
    bytewise: [],
  });
  const made = new LoadLane({
    lease: { connection, release: () => Promise.resolve() },
    shape: { shape: { ...batchOf([], COLUMNS).shape, mode: "upsert" }, optional: OPTIONAL },
    reopen: () => Promise.reject(new Error("No connection is lost")),
    rejoin: () => Promise.resolve(undefined),
    group: (batch) => {
      gathered++;
      return planner.groupsOf(batch);
    },
    classify: () => Promise.resolve("unknown"),
    gate: new LaneGate(),
    world: realWorld,
    breaker: {
      run: (work) => work(),
      failed: ({ code }) =>
        code === VARIES.failure.code ? Promise.reject(new Error("No failure")) : Promise.resolve(),
      succeeded: () => Promise.resolve(),
    },
  });
  const give = (records: readonly string[], sequence: number) => {
    const batch = batchOf(records.map((record) => `${record}\n`), COLUMNS);
    return made.write({ ...batch, sequence }, { rejectsMax: 0, keep: () => Promise.resolve() });
  };
  return { write: give, sent, gathered: () => gathered };
}

const SAME = ['{"id":1,"a":"x","b":1}', '{"id":2,"a":null,"b":null}'];
const MIXED = ['{"id":1,"a":"x"}', '{"id":2,"b":1}', '{"id":3,"a":"y"}'];
const NARROW = ['{"id":1,"a":"x"}', '{"id":2,"a":"y"}'];
const WIDE = ['{"id":1,"a":"x","b":1,"c":"z"}'];

Deno.test("lane sends batches of the shape's columns as they are, and gathers nothing", async () => {
  const { write, sent, gathered } = await lane();
  await Promise.all([SAME, SAME, SAME].map(write));
  assertEquals(sent, [0, 1, 2].map((n): Sent => [n, undefined, true]));
  assertEquals(gathered(), 0);
});

Deno.test("lane gathers a batch that varies, and sends it again before those behind it", async () => {
  const { write, sent } = await lane();
  const results = await Promise.all([SAME, MIXED, SAME, SAME].map(write));
  assertEquals(results.map(({ kind }) => kind), Array(4).fill("written"));
  assertEquals(sent.map(([number]) => number), [0, 1, 1, 2, 3]);
  assertEquals(sent[2], [1, ["id,a 0,2", "id,b 1"], false]);
});

Deno.test("lane gathers what follows on a batch of several groups before it is sent", async () => {
  const { write, sent } = await lane();
  await Promise.all([MIXED, MIXED, MIXED].map(write));
  assertEquals(sent, [
    [0, undefined, true],
    ...[0, 1, 2].map((n): Sent => [n, ["id,a 0,2", "id,b 1"], false]),
  ]);
});

Deno.test("lane expects of the next batch what the one before it was, and learns", async () => {
  const { write, sent, gathered } = await lane();
  const batches = [NARROW, NARROW, NARROW, WIDE, WIDE, SAME, SAME];
  const results = await Promise.all(batches.map(write));
  assertEquals(results.map(({ kind }) => kind), batches.map(() => "written"));
  assertEquals(sent, [
    [0, undefined, true],
    [0, ["id,a"], false],
    [1, ["id,a"], true],
    [2, ["id,a"], true],
    [3, ["id,a"], true],
    [3, ["id,a,b,c"], false],
    [4, ["id,a,b,c"], true],
    [5, ["id,a,b,c"], true],
    [5, ["id,a,b"], false],
    [6, undefined, true],
  ]);
  assertEquals(gathered(), 3);
});

Deno.test("lane comes back to batches as they are once several groups are one again", async () => {
  const { write, sent } = await lane();
  await Promise.all([MIXED, SAME, SAME].map(write));
  assertEquals(sent.slice(2), [[1, ["id,a,b"], false], [2, undefined, true]]);
});

Deno.test("lane sends a gathered batch again as it was gathered, where it failed for a while", async () => {
  const failure = { kind: "conflict", code: "40P01", message: "Deadlock" } as const;
  const failures: WriteResult[] = [1, 2].map(() => ({ kind: "retry", failure, afterMs: 0 }));
  const { write, sent, gathered } = await lane(undefined, failures);
  const results = await Promise.all([MIXED, NARROW].map(write));
  assertEquals(results.map(({ kind }) => kind), ["written", "written"]);
  const again: Sent = [0, ["id,a 0,2", "id,b 1"], false];
  assertEquals(sent, [[0, undefined, true], again, again, again, [1, ["id,a"], false]]);
  assertEquals(gathered(), 2);
});

Deno.test("lane writes nothing of a batch that cannot be planned for, nor of those behind it", async () => {
  const refused = new LoadError("refused", { code: "plan_refused", blame: "plugin" });
  const { write, sent } = await lane(({ length }) =>
    length === 2 ? Promise.reject(refused) : Promise.resolve()
  );
  const results = [SAME, MIXED, SAME].map(write);
  assertEquals((await results[0]!).kind, "written");
  await assertRejects(() => results[1]!, LoadError, "refused");
  await assertRejects(() => results[2]!, LoadError, "refused");
  assertEquals(sent.map(([number]) => number), [0, 1]);
});

Deno.test("groups of equal columns are planned for once, and so is what they have in common", async () => {
  const asked: string[] = [];
  const planner = new GroupPlanner({
    plan: ({ columns }) => {
      asked.push(columns.map(({ name }) => name).join());
      return Promise.resolve({ plan: {} as never, hash: "" });
    },
    bytewise: [],
  });
  const lines = ['{"id":1,"a":"x"}', '{"id":1,"b":1}', '{"id":1,"a":"y"}', '{"id":1,"b":2}'];
  const batch = batchOf(lines.map((line) => `${line}\n`), COLUMNS);
  const shape = { ...batch.shape, mode: "upsert" } as const;
  const { groups, widest } = await planner.groupsOf({ ...batch, shape, optional: OPTIONAL });
  assertEquals(groups.map(groupName), ["id,a 0", "id,b 1", "id,a 2", "id,b 3"]);
  assertEquals(widest.shape.columns.map(({ name }) => name), ["id", "a", "b", "c"]);
  assertEquals(asked, ["id,a", "id,b", "id,a,b,c"]);
});
