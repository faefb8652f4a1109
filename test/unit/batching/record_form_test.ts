/** Records that are no lines of NDJSON: where they end, and where they stop a load. */
import { assertEquals, assertRejects } from "@std/assert";
import { lineOfRow, type RecordFormat } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { Batcher, type BatchLimits, type RawBatch } from "../../../src/batching/batcher.ts";
import { collect, CSV, ELEMENTS, OBJECTS, outcome, parts, text, WIDE } from "./memory_part.ts";

function cut(texts: string[], format: RecordFormat, limits: BatchLimits): Promise<RawBatch[]> {
  return collect(new Batcher(parts(texts, format), limits));
}

Deno.test("batcher stops at a quote that is left open, and says where it stands", async () => {
  for (
    const [source, line] of [
      ['a,b\n"c,d\ne', 2],
      ['a,b\n\n"x\ny",z\nc,"d\n1,2\n3,4\n', 5],
      ['"x\ny","z\n', 2],
      ['a,"', 1],
    ] as const
  ) {
    for (const rowsMax of [1, 1000]) {
      const error = await assertRejects(
        () => cut([source, "1,2\n"], CSV, { ...WIDE, rowsMax }),
        LoadError,
        `part 0 any further: in line ${line} a quote opens a field and is not closed.`,
      );
      assertEquals(error.code, "source_malformed");
    }
  }
  // What was closed in the end is whole, whatever it holds.
  assertEquals((await cut(['"a"b,"\n"c\n'], CSV, WIDE)).map(text), ['"a"b,"\n"c\n']);
});

Deno.test("batcher stops at a record that is no line and is too large", async () => {
  for (
    const [format, source, line] of [
      [CSV, `a,b\n\n"${"x".repeat(50)}\n1,2\n`, 3],
      [CSV, `a,b\n${"x".repeat(50)},1\n1,2\n`, 2],
      [ELEMENTS, `{},\n\n{"a":"${"x".repeat(50)}"},{}]`, 3],
      [OBJECTS, `{}\n\n{"a":"${"x".repeat(50)}"}{}`, 3],
    ] as const
  ) {
    const limits = { ...WIDE, recordBytesMax: 40 };
    const found = await outcome(parts([source], format), limits);
    assertEquals(found.length, 2);
    assertEquals(
      String(found[1]).startsWith(
        `Cannot read part 0 any further: in line ${line} a record begins that is larger than 40`,
      ),
      true,
      String(found[1]),
    );
  }
});

Deno.test("batcher takes a blank line for a record where records have one field", async () => {
  const one: RecordFormat = { ...CSV, header: ["a"] };
  const batches = await cut(["1\n\n\r\n2\n\n"], one, { ...WIDE, rowsMax: 3 });
  assertEquals(batches.map(text), ["1\n|\n|\r\n", "2\n|\n"]);
  assertEquals(batches.map(({ line }) => line), [1, 4]);
  assertEquals(await cut([""], one, WIDE), []);
});

Deno.test("batcher knows lines of CSV that end in a carriage return alone", async () => {
  const format: RecordFormat = { ...CSV, lineEnd: "\r" };
  const source = 'a,"x\ry\n"\r\r"p""",2\r3,"4"\r5,6';
  const batches = await cut([source], format, { ...WIDE, rowsMax: 2 });
  assertEquals(batches.map(text), ['a,"x\ry\n"\r\r|"p""",2\r', '3,"4"\r|5,6']);
  assertEquals(batches.map(({ line }) => line), [1, 5]);
  assertEquals([0, 1, 2].map((row) => lineOfRow(batches[0]!, row)), [1, 4, 5]);
});

Deno.test("batcher takes the elements of an array for records", async () => {
  const source = '{"a":"]},\\"{"},\n  {"b":[1,{"c":[]}]}\n,\t7,"x,y",[8,9],null\n]\r\n ';
  const batches = await cut([source], ELEMENTS, { ...WIDE, rowsMax: 2 });
  assertEquals(batches.map(text), [
    '{"a":"]},\\"{"},\n  |{"b":[1,{"c":[]}]}\n,\t',
    '7,|"x,y",',
    "[8,9],|null\n]\r\n ",
  ]);
  const places = batches.map(({ line, byteOffset }) => [line, byteOffset]);
  assertEquals(places, [[1, 0], [3, 39], [3, 47]]);
  for (const empty of ["]", " \n ]\n"]) assertEquals(await cut([empty], ELEMENTS, WIDE), []);
});

Deno.test("batcher takes objects on any number of lines for records", async () => {
  const source = '{\n "a": "}\\"{"\n}\n\n{"b":[{}]} {"c":1}oops "{\n7\n{}';
  const batches = await cut([source], OBJECTS, { ...WIDE, rowsMax: 2 });
  assertEquals(batches.map(text), [
    '{\n "a": "}\\"{"\n}\n\n|{"b":[{}]} ',
    '{"c":1}|oops "{\n',
    "7\n|{}",
  ]);
});

Deno.test("batcher stops where JSON is cut off, or goes on behind its array", async () => {
  for (
    const [format, source, line, what] of [
      [ELEMENTS, " ", 1, "the array is not closed"],
      [ELEMENTS, '{"a":1},\n{"a":2}\n', 2, "the array is not closed"],
      [ELEMENTS, '{"a":1},\n', 1, "the array is not closed"],
      [ELEMENTS, '{"a":1},\n{"a":2', 2, "the array is not closed"],
      [ELEMENTS, '{"a":1}\n]\n\n[{"a":2}]', 4, "something stands behind the array"],
      [ELEMENTS, "]]", 1, "something stands behind the array"],
      [OBJECTS, '{"a":1}\n{\n"a":2\n', 2, "an object begins that is not closed"],
      [OBJECTS, '{"a":1}\n{"a":"}', 2, "an object begins that is not closed"],
    ] as const
  ) {
    const error = await assertRejects(() => cut([source], format, WIDE), LoadError, what);
    assertEquals(error.message.includes(`in line ${line} `), true, error.message);
    assertEquals(error.code, "source_malformed");
  }
});
