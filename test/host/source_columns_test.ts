import { assertEquals } from "@std/assert";
import type { LiveTable } from "../../src/backend.ts";
import type { RawBatch } from "../../src/loader/batcher.ts";
import { sourceColumns } from "../../host/source_columns.ts";
import { batchOf } from "./codec/sample_batch.ts";

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
  const from = { first, format: first.format, key: ["b"], live: table };
  return (await sourceColumns(from))!.map((column) => column.name);
}

Deno.test("columns of a source that meets a table come in its order, and late ones only where they matter", async () => {
  assertEquals(await names(live({})), ["b", "a"], "NULL without it, and part of the shape anyway");
  assertEquals(await names(live({ generated: true, hasDefault: true })), ["b", "a"]);
  assertEquals(await names(live({ hasDefault: true })), ["b", "a", "late"]);
  assertEquals(await names(live({ nullable: false })), ["b", "a", "late"]);
  assertEquals(await names(undefined), ["b", "a", "late"]);
});

Deno.test("columns of a source that meets no table are inferred, the key's without NULL", async () => {
  const from = { first: RECORDS, format: RECORDS.format, key: ["b"], live: undefined };
  assertEquals(await sourceColumns(from), [
    { name: "b", type: "int64", nullable: false, key: true, inferred: true },
    { name: "a", type: "text", nullable: true, key: false, inferred: true },
    { name: "late", type: "int64", nullable: true, key: false, inferred: true },
  ]);
});

Deno.test("columns of an empty source are those that its header names, if it has one", async () => {
  const csv = { kind: "csv", delimiter: ",", nullText: "", header: ["x", "y"] } as const;
  const from = { first: undefined, key: [], live: undefined };
  assertEquals(
    (await sourceColumns({ ...from, format: csv }))?.map(({ name, type }) => [name, type]),
    [["x", "text"], ["y", "text"]],
  );
  assertEquals(await sourceColumns({ ...from, format: { kind: "ndjson" } }), undefined);
});
