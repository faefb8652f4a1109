/**
 * A batch is known by its load, its part and its first byte: two loaders of one source, whose numbers
 * need not agree, load each row once.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  type BackendLoad,
  type Batch,
  type DatabaseBackend,
  LoadError,
  type LoadTotals,
  type RejectedRow,
  type Shape,
  type WriteResult,
} from "../../mod.ts";
import { openHost, type Target, TARGET_KINDS } from "../support/target.ts";

const SHAPE: Shape = {
  table: { name: "t" },
  columns: [{ name: "id", type: "int64", nullable: true, key: false }],
  mode: "append",
};

/** Rows of a part, from a byte on; each has ten bytes. */
function batchOf(
  part: string,
  ids: readonly (number | string)[],
  place: { readonly sequence: number; readonly byteOffset?: number; readonly ordinal?: number },
): Batch {
  const lines = ids.map((id) => `{"id":${String(id).padStart(2)}}\n`);
  const bytes = new TextEncoder().encode(lines.join(""));
  return {
    shape: SHAPE,
    format: { kind: "ndjson" },
    bytes,
    offsets: Uint32Array.from({ length: ids.length + 1 }, (_, i) => 10 * i),
    ordinal: 0,
    byteOffset: 0,
    line: 1,
    part,
    ...place,
  };
}

async function openLoad(backend: DatabaseBackend, rejectTable = false): Promise<BackendLoad> {
  return await backend.openLoad!({
    shape: SHAPE,
    source: "*.ndjson",
    batchRowsMax: 1_000,
    batchBytesMax: 1_000_000,
    connections: 1,
    rejectTable,
  });
}

function test(
  name: string,
  act: (target: Target, loads: readonly [BackendLoad, BackendLoad]) => Promise<void>,
): void {
  for (const kind of TARGET_KINDS) {
    Deno.test(`batch identity: ${kind.name}: ${name}`, () =>
      kind.use(async (target) => {
        const integer = target.sql.integer;
        await target.execute(`CREATE TABLE t (id ${integer} CHECK (id < 90))`);
        await using host = await openHost();
        const backend = await host.createBackend(target.type, target.config);
        const other = await host.createBackend(target.type, target.config);
        const loads = [await openLoad(backend, true), await openLoad(other, true)] as const;
        assertEquals(loads[0].id, loads[1].id, "both go on with one load");
        try {
          await act(target, loads);
        } finally {
          for (const load of loads) await load.abandon();
        }
      }));
  }
}

async function ids(target: Target): Promise<number[]> {
  const rows = await target.query(`SELECT ${target.textOf("id")} AS id FROM t`);
  return rows.map(({ id }) => Number(id)).sort((a, b) => a - b);
}

const isIn = (result: WriteResult) => result.kind === "written" && result.alreadyIn === true;

test("a batch is in once, whatever numbers two loaders give it", async (target, [a, b]) => {
  await a.write(batchOf("a", [1, 2], { sequence: 0 }));
  assert(isIn(await b.write(batchOf("a", [1, 2], { sequence: 0 }))));
  // A file arrives between a and c: from here on, numbers drift.
  await a.write(batchOf("c", [5, 6], { sequence: 1 }));
  assertEquals((await b.write(batchOf("b", [3, 4], { sequence: 1 }))).kind, "written");
  assert(isIn(await b.write(batchOf("c", [5, 6], { sequence: 2 }))));
  await b.write(batchOf("c", [7, 8], { sequence: 3, byteOffset: 20 }));
  assert(isIn(await a.write(batchOf("c", [7, 8], { sequence: 2, byteOffset: 20 }))));
  assertEquals(await ids(target), [1, 2, 3, 4, 5, 6, 7, 8]);
});

test(
  "a loader ends its load though another has meanwhile written a file that it has not met",
  async (target, [a, b]) => {
    await a.write(batchOf("b", [1, 2], { sequence: 0 }));
    await b.write(batchOf("a", [3], { sequence: 0 }));
    const counts = (rows: number) => ({ read: rows, committed: rows, superseded: 0, rejected: 0 });
    const wrong: readonly (readonly [LoadTotals, string])[] = [
      [{ ...counts(2), ofThisRun: counts(1) }, "rows read by this run are 2 and not 1"],
      [{ ...counts(2), committed: 4 }, "the ledger's sum of rows committed is 3 and not 4"],
    ];
    for (const [totals, reason] of wrong) {
      const error = await assertRejects(() => a.finish(totals), LoadError);
      assertEquals(error.code, "counts_differ");
      assertStringIncludes(error.message, reason);
    }
    await a.finish(counts(2));
    const [row] = await target.query("SELECT state, rows_committed FROM _snakepipe_load");
    assertEquals([row!.state, Number(row!.rows_committed)], ["complete", 3]);
    await b.finish({ ...counts(3), ofThisRun: counts(1) });
    assertEquals(await ids(target), [1, 2, 3]);
  },
);

test(
  "equal batches of two parts are two batches, though they have one number",
  async (target, [a, b]) => {
    await a.write(batchOf("a", [1, 2], { sequence: 0 }));
    const result = await b.write(batchOf("b", [1, 2], { sequence: 0 }));
    assert(result.kind === "written" && !result.alreadyIn);
    assertEquals(await ids(target), [1, 1, 2, 2]);
  },
);

test(
  "a batch that shares bytes with one that is in is refused, wherever it begins",
  async (target, [a]) => {
    // The file ended within the second batch when a read it, and has grown since.
    await a.write(batchOf("f", [1, 2], { sequence: 0 }));
    await a.write(batchOf("f", [3], { sequence: 1, byteOffset: 20 }));
    const wrong: readonly (readonly [readonly number[], number])[] = [
      [[3, 4], 20],
      [[9, 3, 4], 10],
      [[0, 1, 2], 0],
      [[2, 3], 10],
      [[9], 10],
    ];
    for (const [rows, byteOffset] of wrong) {
      // After a batch that is not written, a lane writes no more: each has its own.
      await using host = await openHost();
      const load = await openLoad(await host.createBackend(target.type, target.config));
      const result = await load.write(batchOf("f", rows, { sequence: 7, byteOffset }));
      await load.abandon();
      if (result.kind !== "fatal") throw new Error(`${rows} at ${byteOffset}: ${result.kind}`);
      assertEquals([result.failure.kind, result.failure.code], ["source_changed", "OTHER_BATCH"]);
      assertStringIncludes(result.failure.message, "same command again");
    }
    assertEquals(await ids(target), [1, 2, 3]);
    await a.write(batchOf("f", [4, 5], { sequence: 1, byteOffset: 30 }));
    assertEquals(await ids(target), [1, 2, 3, 4, 5]);
  },
);

test("rejects of two loaders are told by their places", async (target, [a, b]) => {
  const options = { rejectsMax: 5, keep: () => Promise.resolve() };
  const first = await a.write(batchOf("c", [5, 91], { sequence: 1, ordinal: 2 }), options);
  const second = await b.write(batchOf("b", [3, 92], { sequence: 1, ordinal: 2 }), options);
  const placesOf = (result: WriteResult) =>
    result.kind === "written"
      ? result.rejects!.map(({ part, byteOffset }: RejectedRow) => [part, byteOffset])
      : [];
  assertEquals([placesOf(first), placesOf(second)], [[["c", 10]], [["b", 10]]]);
  const rows = await target.query(
    `SELECT part, ${target.textOf("byte")} AS byte, ${target.textOf("ordinal")} AS ordinal ` +
      "FROM _snakepipe_reject ORDER BY part",
  );
  assertEquals(rows.map((row) => [row.part, row.byte, row.ordinal]), [
    ["b", "10", "3"],
    ["c", "10", "3"],
  ]);
  await using host = await openHost();
  const third = await openLoad(await host.createBackend(target.type, target.config));
  assertEquals(third.batches.map(({ part, leftOut }) => [part, leftOut]), [
    ["b", [10]],
    ["c", [10]],
  ]);
  await third.abandon();
});
