import { assertEquals } from "@std/assert";
import type { LiveTable } from "../../../src/model/backend.ts";
import type { RawBatch } from "../../../src/batching/batcher.ts";
import { headerColumns, sourceColumns } from "../../../host/load/source_columns.ts";
import { batchOf } from "../codec/sample_batch.ts";

/** 1,500 records; `late` stands in the last one alone. */
const RECORDS: RawBatch = batchOf(
  Array.from({ length: 1_500 }, (_, i) => i < 1_499 ? `{"b":1,"a":"x"}\n` : `{"b":1,"late":2}\n`),
  [],
);

function live(change: Partial<LiveTable["columns"][number]>): LiveTable {
  const column = (name: string) => ({
    name,
    type: "int64" as const,
    nullable: true,
    hasDefault: false,
    generated: false,
  });
  return {
    columns: [column("a"), column("b"), { ...column("late"), ...change }],
    uniqueKeys: [],
  };
}

async function names(table: LiveTable | undefined, first = RECORDS): Promise<string[]> {
  const { columns, told } = await sourceColumns(first, { key: ["b"], live: table });
  assertEquals(told, true);
  return columns.map((column) => column.name);
}

Deno.test("columns of a source that meets a table come in its order, and late ones only where they matter", async () => {
  assertEquals(await names(live({})), ["b", "a"], "NULL without it, and part of the shape anyway");
  assertEquals(await names(live({ generated: true, hasDefault: true })), ["b", "a"]);
  assertEquals(await names(live({ hasDefault: true })), ["b", "a", "late"]);
  assertEquals(await names(live({ nullable: false })), ["b", "a", "late"]);
  assertEquals(await names(undefined), ["b", "a", "late"]);
});

Deno.test("columns of a source that meets no table are inferred, the key's without NULL", async () => {
  assertEquals(await sourceColumns(RECORDS, { key: ["b"], live: undefined }), {
    columns: [
      { name: "b", type: "int64", nullable: false, key: true, inferred: true },
      { name: "a", type: "text", nullable: true, key: false, inferred: true },
      { name: "late", type: "int64", nullable: true, key: false, inferred: true },
    ],
    told: true,
  });
});

Deno.test("columns are not told by records that cannot be read, or have no field", async () => {
  const csv = { kind: "csv", delimiter: ",", nullText: "", header: ["x", "y"] } as const;
  for (const table of [undefined, live({})]) {
    for (const records of [["nope\n", '{"a":\n'], ["{}\n"]]) {
      const batch: RawBatch = batchOf(records, []);
      assertEquals(await sourceColumns(batch, { key: [], live: table }), {
        columns: [],
        told: false,
      });
    }
    const late = [...Array.from({ length: 1_200 }, () => "7\n"), '{"a":1}\n'];
    const { told } = await sourceColumns(batchOf(late, []), { key: [], live: table });
    assertEquals(told, true, "a record behind the first thousand");
    // Of CSV, the names are known; of which types they are is what a table says.
    const { columns, ...rest } = await sourceColumns(batchOf(["1\n", "2\n"], [], csv), {
      key: [],
      live: table,
    });
    assertEquals([columns.map(({ name }) => name), rest.told], [["x", "y"], table !== undefined]);
  }
});

Deno.test("columns of an empty source are those that its header names, if it has one", () => {
  const csv = { kind: "csv", delimiter: ",", nullText: "", header: ["x", "y"] } as const;
  assertEquals(headerColumns(csv, []), [
    { name: "x", type: "text", nullable: true, key: false },
    { name: "y", type: "text", nullable: true, key: false },
  ]);
  assertEquals(headerColumns({ ...csv, header: [] }, []), undefined);
  assertEquals(headerColumns({ kind: "ndjson" }, []), undefined);
  assertEquals(headerColumns(undefined, []), undefined);
});
