/** Rows of a group: taken out of a batch, or a part of it, and put back to their places. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Batch, RejectedRow } from "../../../src/model/batch.ts";
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";
import type { PlannedGroup } from "../../../host/drivers/driver.ts";
import { GroupRows } from "../../../host/drivers/group_rows.ts";
import { batchOf, columnsOf, LENIENT } from "../codec/sample_batch.ts";

const COLUMNS = columnsOf({ a: "int64" });
const RECORDS = [
  '{"a":0}\n',
  '{"a":1}\n\n',
  '{"a":"x"}\n',
  '{"a":3}\r\n',
  '{"a":"y"}\n\n\n',
  '{"a":5}',
];

function group(rows: readonly number[] | undefined): PlannedGroup {
  const shape = { table: { name: "t" }, columns: COLUMNS, mode: "upsert" } as const;
  return { shape, plan: {} as never, ...(rows ? { rows: Uint32Array.from(rows) } : {}) };
}

/** Rows of a batch from `from` to before `to`, as isolating cuts them. */
function partOf(batch: Batch, from: number, to: number): Batch {
  const offsets = batch.offsets.subarray(from, to + 1);
  return { ...batch, offsets, ordinal: batch.ordinal + from };
}

const codec = await createReferenceCodec();

function rejectsOf(batch: Batch): readonly RejectedRow[] {
  const reader = codec.cells(batch, LENIENT);
  while (reader.read(9, [], []) > 0);
  return reader.rejects;
}

function records({ bytes, offsets }: Batch): string[] {
  return [...offsets.subarray(1)].map((end, i) =>
    new TextDecoder().decode(bytes.subarray(offsets[i], end))
  );
}

Deno.test("rows of a group are a batch of their own, and the one they are out of stays as it is", () => {
  const batch = batchOf(RECORDS, COLUMNS);
  const rows = new GroupRows(batch, 0, group([1, 4, 5]));
  assertEquals(records(rows.batch), [RECORDS[1]!, RECORDS[4]!, RECORDS[5]!]);
  assertEquals([rows.count, rows.rowOf(0), rows.rowOf(2)], [3, 1, 5]);
  assertEquals(records(batch), RECORDS);
  const all = new GroupRows(batch, 0, group(undefined));
  assertEquals(all.batch.bytes, batch.bytes);
  assertEquals([all.count, all.rowOf(3)], [6, 3]);
});

Deno.test("rows of a part are those of the group that stand in it", () => {
  const batch = batchOf(RECORDS, COLUMNS);
  const rows = new GroupRows(partOf(batch, 2, 5), 2, group([0, 2, 4, 5]));
  assertEquals(records(rows.batch), [RECORDS[2]!, RECORDS[4]!]);
  assertEquals([rows.rowOf(0), rows.rowOf(1)], [0, 2]);
  assertEquals(new GroupRows(partOf(batch, 2, 3), 2, group([0, 5])).count, 0);
});

Deno.test("rejected rows of any group of any part are at the places that they have in the batch", () => {
  const kinds = fc.array(fc.record({ good: fc.boolean(), blank: fc.nat(2), group: fc.nat(2) }), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(fc.property(kinds, fc.nat(11), fc.nat(11), (rows, a, b) => {
    const texts = rows.map(({ good, blank }) => `{"a":${good ? 1 : '"x"'}}\n${"\n".repeat(blank)}`);
    const batch = { ...batchOf(texts, COLUMNS), line: 7 };
    const [from, to] = [Math.min(a, b) % rows.length, rows.length];
    const part = partOf(batch, from, to);
    const expected = rejectsOf(part);
    const found = [0, 1, 2].flatMap((number) => {
      const of = rows.flatMap((row, i) => row.group === number ? [i] : []);
      const gathered = new GroupRows(part, from, group(of));
      return gathered.placed(rejectsOf(gathered.batch));
    });
    assertEquals(found.sort((x, y) => x.ordinal - y.ordinal), [...expected]);
  }));
});
