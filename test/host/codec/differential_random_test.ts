/**
 * The fast codec against the reference on whatever chance brings. The seed of a run is printed with
 * what it finds; `deno task test:codec --seed n` begins with it, and compares far more.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { createWasmCodec } from "../../../host/codec/wasm_codec.ts";
import { damaged } from "./differential_mutation.ts";
import { batchOf, codecPair, columnsOf, everyTask, expectSame } from "./differential_expect.ts";
import { Random } from "./differential_random.ts";
import { runDifferential } from "./differential_run.ts";
import { columnName, type Sample, sample } from "./row_arbitrary.ts";
import { csvFormat } from "./sample_batch.ts";

/** Cells of the short run. */
const CELLS = 300_000;

function columnsOfSample({ types }: Sample): ReturnType<typeof columnsOf> {
  return columnsOf(Object.fromEntries(types.map((type, i) => [columnName(i), type])));
}

/** Members of all values that are there, in the order of the columns. */
function jsonRecords({ rows }: Sample): string[] {
  return rows.map((row) => {
    const members = row.flatMap((value, i) =>
      value === undefined ? [] : [`${JSON.stringify(columnName(i))}:${value.json}`]
    );
    return `{${members.join(",")}}\n`;
  });
}

function csvRecords({ rows }: Sample): string[] {
  return rows.map((row) => {
    const fields = row.map((value) => value?.copy ?? "");
    return fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(",") + "\r\n";
  });
}

Deno.test(`codecs agree on ${CELLS} random cells in every spelling, whole and damaged`, async () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  const counts = await runDifferential(createWasmCodec, { seed, cellsMin: CELLS });
  assertEquals(counts.differences.join("\n"), "");
  assert(counts.cells >= CELLS, `${counts.cells} cells, seed ${seed}`);
});

Deno.test("codecs agree on generated rows with every option", async () => {
  const pair = await codecPair();
  const property = fc.asyncProperty(sample, async (rows) => {
    const columns = columnsOfSample(rows);
    await expectSame(pair, everyTask(batchOf(jsonRecords(rows), columns), 3));
    const header = csvFormat(columns.map(({ name }) => name));
    await expectSame(pair, everyTask(batchOf(csvRecords(rows), columns, header), 2));
  });
  await fc.assert(property, { numRuns: 60 });
});

Deno.test("codecs agree on generated rows that are damaged, with every option", async () => {
  const pair = await codecPair();
  const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  const property = fc.asyncProperty(sample, seed, async (rows, damage) => {
    const random = new Random(damage);
    const encoder = new TextEncoder();
    const columns = columnsOfSample(rows);
    const damagedRecords = (records: readonly string[]) =>
      records.map((record) => damaged(random, encoder.encode(record), encoder.encode(records[0])));
    await expectSame(pair, everyTask(batchOf(damagedRecords(jsonRecords(rows)), columns), 3));
    const header = csvFormat(columns.map(({ name }) => name));
    await expectSame(pair, everyTask(batchOf(damagedRecords(csvRecords(rows)), columns, header)));
  });
  await fc.assert(property, { numRuns: 60 });
});

Deno.test("codecs agree on bytes that are no records", async () => {
  const pair = await codecPair();
  const columns = columnsOf({ a: "text", b: "int64", c: "json" });
  const records = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 });
  const property = fc.asyncProperty(records, async (bytes) => {
    for (const format of [{ kind: "ndjson" } as const, csvFormat(["a", "b", "c"])]) {
      await expectSame(pair, everyTask(batchOf(bytes, columns, format), 1));
    }
  });
  await fc.assert(property, { numRuns: 60 });
});
