import { assertEquals, assertStrictEquals } from "@std/assert";
import type { Batch, Column } from "../../../src/model/batch.ts";
import type { Cell, CellReader, Codec } from "../../../host/codec/codec.ts";
import { testCodecs } from "./both_codecs.ts";
import { batchOf, columnsOf, csvFormat, LENIENT } from "./sample_batch.ts";

/** Everything that a reader gives, so many rows at a time. */
function readAll(reader: CellReader, rowsMax: number): { cells: Cell[]; rows: number[] } {
  const cells: Cell[] = [];
  const rows: number[] = [];
  for (;;) {
    const before = rows.length;
    const count = reader.read(rowsMax, cells, rows);
    assertStrictEquals(rows.length - before, count);
    if (count === 0) return { cells, rows };
    // Short of what was asked for only at the end.
    if (count < rowsMax) assertEquals(reader.read(1, cells, rows), 0);
  }
}

/** Rows of a number, a text that tells which row it is, and some of every seventh row wrong. */
function numbered(count: number, textLength: number): Batch {
  const records = Array.from({ length: count }, (_, i) => {
    const text = `${i} é `.padEnd(textLength, "x");
    return `{"n":${i % 7 === 3 ? '"?"' : i},"t":"${text}"}\n`;
  });
  return batchOf(records, columnsOf({ n: "int64", t: "text" }));
}

function expectedRows(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i).filter((i) => i % 7 !== 3);
}

testCodecs("reads cells in portions of any size, rejected rows left out", (codec) => {
  for (const textLength of [0, 60, 3000]) {
    const batch = numbered(3000, textLength);
    const expected = expectedRows(3000);
    const cells = expected.flatMap((i) => [BigInt(i), `${i} é `.padEnd(textLength, "x")]);
    for (const rowsMax of [1, 7, 100, 1_000_000]) {
      const reader = codec.cells(batch, LENIENT);
      assertEquals(readAll(reader, rowsMax), { cells, rows: expected });
      assertEquals(
        reader.rejects.map((r) => r.line),
        [...Array(3000).keys()].filter((i) => i % 7 === 3)
          .map((i) => i + 1),
      );
    }
  }
});

testCodecs("reads several batches by turns", (codec) => {
  const batches = [
    numbered(900, 20),
    batchOf(
      Array.from({ length: 700 }, (_, i) => `${i},"a ""${i}"" 日本"\n`),
      columnsOf({ b: "int32", a: "text" }),
      csvFormat(["b", "a"]),
    ),
    numbered(40, 5000),
  ];
  const alone = batches.map((batch) => readAll(codec.cells(batch, LENIENT), 1000));
  const readers = batches.map((batch) => codec.cells(batch, LENIENT));
  const turns = batches.map(() => ({ cells: [] as Cell[], rows: [] as number[] }));
  for (let more = true; more;) {
    more = false;
    readers.forEach((reader, i) => {
      if (reader.read(3, turns[i]!.cells, turns[i]!.rows) > 0) more = true;
      // A COPY of another batch in between takes the instance's memory too.
      const other = batches[(i + 1) % batches.length]!;
      codec.copy(other, { format: "text", ordinal: false, rules: LENIENT }).next();
    });
  }
  assertEquals(turns, alone);
});

testCodecs("appends to what stands in the arrays already", (codec) => {
  const cells: Cell[] = ["before"];
  const rows = [99];
  codec.cells(numbered(2, 0), LENIENT).read(5, cells, rows);
  assertEquals(cells, ["before", 0n, "0 é ", 1n, "1 é "]);
  assertEquals(rows, [99, 0, 1]);
});

testCodecs("reads records that are larger than any slice", (codec) => {
  for (const length of [130_000, 1_000_000, 5_000_000]) {
    const long = "long é ".padEnd(length, "0123456789");
    const wide = "日".repeat(length / 10);
    const records = [`{"t":"a"}\n`, `{"t":"${long}"}\n`, `{"t":"b"}\n`, `{"t":"${wide}"}`];
    const reader = codec.cells(batchOf(records, columnsOf({ t: "text" })), LENIENT);
    const { cells, rows } = readAll(reader, 2);
    assertEquals(rows, [0, 1, 2, 3]);
    assertStrictEquals(cells[0], "a");
    assertStrictEquals(cells[1] === long, true);
    assertStrictEquals(cells[2], "b");
    assertStrictEquals(cells[3] === wide, true);
  }
});

testCodecs(
  "reads many cells out of few bytes, and none out of a shape without columns",
  (codec) => {
    const names = Array.from({ length: 300 }, (_, i) => `c${i}`);
    const columns = columnsOf(Object.fromEntries(names.map((name) => [name, "int64"])));
    const empty = batchOf(Array(1000).fill("{}\n"), columns);
    const { cells, rows } = readAll(codec.cells(empty, LENIENT), 170);
    assertEquals(rows.length, 1000);
    assertEquals(cells.length, 300_000);
    assertEquals(cells.every((cell) => cell === null), true);
    const bare = readAll(codec.cells(batchOf(["{}\n", "[]\n", "{}\n"], []), LENIENT), 2);
    assertEquals(bare, { cells: [], rows: [0, 2] });
    assertEquals(readAll(codec.cells(batchOf([], columns), LENIENT), 2), { cells: [], rows: [] });
  },
);

testCodecs("reads members in any order, with some missing and some given twice", (codec) => {
  const columns = columnsOf({ a: "int64", b: "text", c: "boolean", d: "float64" });
  const records: [string, Cell[] | undefined][] = [
    ['{"a":1,"b":"x","c":true,"d":0.5}\n', [1n, "x", 1n, 0.5]],
    [' { "a" : 1 , "b" : "x" , "c" : true , "d" : 0.5 } \r\n', [1n, "x", 1n, 0.5]],
    ['{"d":0.5,"c":false,"b":"y","a":-2}\n', [-2n, "y", 0n, 0.5]],
    ['{"b":"y"}\n', [null, "y", null, null]],
    ['{"d":1}\n', [null, null, null, 1]],
    ["{}\n", [null, null, null, null]],
    ['{"a":1,"a":2,"b":"x","b":null}\n', [2n, null, null, null]],
    ['{"\\u0061":3}\n', [3n, null, null, null]],
    ['{"a":1,"b":"x","c":true,"d":0.5,"e":1}\n', undefined],
    ['{"a":1,"b":"x"', undefined],
    ['{"a":1,"b":"x', undefined],
    ['{"a":12', undefined],
    ['{"a":1,"b":"x"}}\n', undefined],
    ['{"a":12345678901234567,"b":"","c":"t","d":"1e3"}\n', [12345678901234567n, "", 1n, 1000]],
    ['{"a":1,"b":"x","c":true,"d":0.5}', [1n, "x", 1n, 0.5]],
  ];
  const good = records[0]!;
  for (const odd of records) {
    // Behind records in order, which the next one is expected to be like.
    assertRows(codec, [good, odd, good, odd, odd, good], columns);
  }
  assertRows(codec, records, columns);
  assertRows(codec, records.toReversed(), columns);
});

testCodecs("finds what is wrong in records that are in order", (codec) => {
  const columns = columnsOf({ a: "int64", b: "text", c: "text" }).map((column, i) => ({
    ...column,
    nullable: i === 2,
  }));
  const good: [string, Cell[]] = ['{"a":1,"b":"x","c":"y"}\n', [1n, "x", "y"]];
  const odd: [string | Uint8Array, string][] = [
    ['{"b":"x","c":"y"}\n', "null"],
    ['{"a":1,"c":"y"}\n', "null"],
    ['{"a":1}\n', "null"],
    ['{"a":null,"b":"x","c":"y"}\n', "null"],
    ['{"a":1,"b":null,"c":"y"}\n', "null"],
    ['{"a":1,"b":"x\\,"c":"y"}\n', "malformed"],
    ['{"a":01,"b":"x","c":"y"}\n', "malformed"],
    ['{"a":1.5,"b":"x","c":"y"}\n', "type"],
    ['{"a":"1x","b":"x","c":"y"}\n', "type"],
    ['{"a":9223372036854775808,"b":"x","c":"y"}\n', "range"],
    ['{"a":1,"b":"x","c":"y"} 1\n', "malformed"],
    ['{"a":1,"b":"x","c":"y",}\n', "malformed"],
    ['{"a":1,"b":"x\n","c":"y"}\n', "malformed"],
    ['{"a":1,"b":"x\\","c":"y"}\n', "malformed"],
    ['{"a":1,"b":"\\ud800","c":"y"}\n', "encoding"],
    ['{"a":1,"b":"x","c":"y","d":1}\n', "unknown_field"],
    [bytesOf('{"a":1,"b":"', 0xff, '","c":"y"}\n'), "encoding"],
    [bytesOf('{"a":1,"b":"x","c":"', 0xc3, '"}\n'), "encoding"],
  ];
  for (const [record, code] of odd) {
    const batch = batchOf([good[0], record, good[0], record], columns);
    const reader = codec.cells(batch, LENIENT);
    const { cells, rows } = readAll(reader, 9);
    assertEquals(reader.rejects.map((reject) => reject.code), [code, code]);
    assertEquals(rows, [0, 2]);
    assertEquals(cells, [...good[1], ...good[1]]);
  }
  assertRows(codec, [good, ['{"a":2,"b":""}\n', [2n, "", null]], good], columns);
});

/** Text with one byte in it. */
function bytesOf(before: string, byte: number, behind: string): Uint8Array {
  const encoder = new TextEncoder();
  return Uint8Array.of(...encoder.encode(before), byte, ...encoder.encode(behind));
}

/** Records and the cells of each one, none of one that is to be rejected. */
function assertRows(
  codec: Codec,
  list: readonly (readonly [string, Cell[] | undefined])[],
  columns: readonly Column[],
): void {
  const reader = codec.cells(batchOf(list.map(([record]) => record), columns), LENIENT);
  const { cells, rows } = readAll(reader, 4);
  assertEquals(rows, list.flatMap(([, expected], i) => expected === undefined ? [] : [i]));
  assertEquals(cells, list.flatMap(([, expected]) => expected ?? []));
}
