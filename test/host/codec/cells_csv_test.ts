import { assertEquals } from "@std/assert";
import type { Batch } from "../../../src/model/batch.ts";
import type { ColumnType } from "../../../src/model/column_type.ts";
import type { Cell, CellRules, Codec } from "../../../host/codec/codec.ts";
import { allCells, copyText, testCodecs } from "./both_codecs.ts";
import { batchOf, columnsOf, csvFormat, decodeCopy, LENIENT, STRICT } from "./sample_batch.ts";

/** The name of each type's column, and all of them in the order of the shape. */
const TYPES: Record<string, ColumnType> = {
  id: "int64",
  small: "int16",
  flag: "boolean",
  name: "text",
  amount: "decimal",
  ratio: "float64",
  data: "json",
  content: "bytes",
  at: "timestamp",
};
const COLUMNS = columnsOf(TYPES);
const NAMES = Object.keys(TYPES);

/** What becomes of one field of a type: its cell and its COPY field, or the code of the reject. */
function fieldOf(
  codec: Codec,
  type: ColumnType,
  field: string,
  { delimiter = ",", nullText = "", rules = LENIENT }: {
    delimiter?: string;
    nullText?: string;
    rules?: CellRules;
  } = {},
): string | [Cell, string | null] {
  const format = csvFormat(["v"], { delimiter, nullText });
  const batch = batchOf([`${field}\n`], columnsOf({ v: type }), format);
  const cells = allCells(codec, batch, { rules });
  const copy = copyText(codec, batch, { rules });
  assertEquals(copy.rejects, cells.rejects);
  if (copy.rejects.length > 0) return copy.rejects[0]!.code;
  return [cells.rows[0]![0]!, decodeCopy(copy.bytes)[0]![0]!];
}

const ROW = `7,-7,true,größe,1.50,0.5,"{""a"": [1, ""b""]}",AAEC,2024-02-29 12:34:56`;
const ROW_CELLS: Cell[] = [
  7n,
  -7n,
  1n,
  "größe",
  "1.50",
  0.5,
  '{"a": [1, "b"]}',
  Uint8Array.of(0, 1, 2),
  "2024-02-29 12:34:56",
];
const ROW_COPY = [
  "7",
  "-7",
  "t",
  "größe",
  "1.50",
  "0.5",
  '{"a": [1, "b"]}',
  "\\x000102",
  "2024-02-29 12:34:56",
];

testCodecs("reads every type out of CSV, quoted and not", (codec) => {
  const fields = ROW_COPY.map((field, i) => i === 7 ? "AAEC" : i === 2 ? "true" : field);
  const quoted = fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(",");
  const batch = batchOf([`${ROW}\n`, `${quoted}\r\n`, quoted], COLUMNS, csvFormat(NAMES));
  assertEquals(allCells(codec, batch).rows, [ROW_CELLS, ROW_CELLS, ROW_CELLS]);
  assertEquals(decodeCopy(copyText(codec, batch).bytes), [ROW_COPY, ROW_COPY, ROW_COPY]);
});

testCodecs("brings the fields of any header into the order of the columns", (codec) => {
  const fields = ["7", "-7", "t", "x", "1", "2", "3", "", "2024-01-01T00:00"];
  const expected: (string | null)[] = [...fields];
  expected[7] = null;
  const order = [8, 3, 0, 1, 7, 2, 6, 5, 4];
  const header = order.map((column) => NAMES[column]!);
  const record = order.map((column) => fields[column]).join(",");
  const moved = batchOf([`${record}\n`], COLUMNS, csvFormat(header));
  assertEquals(decodeCopy(copyText(codec, moved).bytes), [expected]);
  assertEquals(allCells(codec, moved).rows[0]!.slice(0, 4), [7n, -7n, 1n, "x"]);
  // Columns that the header lacks are NULL, though the row before had values for them.
  const without = batchOf(
    [`${fields.slice(0, 3).join(",")}\n`],
    COLUMNS,
    csvFormat(NAMES.slice(0, 3)),
  );
  assertEquals(decodeCopy(copyText(codec, without).bytes), [[
    ...["7", "-7", "t"],
    ...Array(6).fill(null),
  ]]);
});

testCodecs("reads text of every length up to a field's end, wherever blocks end", (codec) => {
  const records: string[] = [];
  const texts: [string, string][] = [];
  for (let length = 0; length < 70; length++) {
    const text = "abcdefghij".repeat(7).slice(0, length);
    const odd = length < 3 ? text : `${text.slice(0, length - 3)}"\t\\`;
    texts.push([`x${text}`, odd], [odd, `é${text}`]);
    records.push(`x${text},"${odd.replaceAll('"', '""')}"\n`);
    records.push(`"${odd.replaceAll('"', '""')}",é${text}\r\n`);
  }
  const batch = batchOf(records, columnsOf({ a: "text", b: "text" }), csvFormat(["a", "b"]));
  assertEquals(allCells(codec, batch).rows, texts);
  assertEquals(decodeCopy(copyText(codec, batch).bytes), texts);
});

testCodecs("takes what COPY escapes for what it is in CSV", (codec) => {
  for (const field of ["a\tb", "\\N", "\\", "a\\nb", "\b\v\f", "\x01\x7f"]) {
    assertEquals(fieldOf(codec, "text", field), [field, field]);
    assertEquals(fieldOf(codec, "text", `"${field}"`), [field, field]);
  }
  assertEquals(fieldOf(codec, "text", '"a\r\nb\n"'), ["a\r\nb\n", "a\r\nb\n"]);
  assertEquals(fieldOf(codec, "text", '""""'), ['"', '"']);
  assertEquals(fieldOf(codec, "text", '""""""'), ['""', '""']);
  assertEquals(fieldOf(codec, "text", "a\0b"), ["a\0b", "a\0b"]);
  assertEquals(fieldOf(codec, "text", '"\0"'), ["\0", "\0"]);
  assertEquals(fieldOf(codec, "text", "a\0b", { rules: STRICT }), "encoding");
  assertEquals(fieldOf(codec, "text", '"\0"', { rules: STRICT }), "encoding");
});

testCodecs("knows NULL from a value in CSV by its quotes alone", (codec) => {
  assertEquals(fieldOf(codec, "int64", ""), [null, null]);
  assertEquals(fieldOf(codec, "int64", '""'), "type");
  assertEquals(fieldOf(codec, "text", '""'), ["", ""]);
  for (const nullText of ["0", "NULL", "\\N", "true", "größe"]) {
    assertEquals(fieldOf(codec, "text", nullText, { nullText }), [null, null]);
    assertEquals(fieldOf(codec, "text", `"${nullText}"`, { nullText }), [nullText, nullText]);
    assertEquals(fieldOf(codec, "text", `${nullText}x`, { nullText })[0], `${nullText}x`);
    assertEquals(fieldOf(codec, "text", "", { nullText }), ["", ""]);
    assertEquals(fieldOf(codec, "int64", "", { nullText }), "type");
    assertEquals(fieldOf(codec, "int64", "1", { nullText }), [1n, "1"]);
  }
  assertEquals(fieldOf(codec, "int64", "0", { nullText: "0" }), [null, null]);
  assertEquals(fieldOf(codec, "int64", '"0"', { nullText: "0" }), [0n, "0"]);
  assertEquals(fieldOf(codec, "boolean", "true", { nullText: "true" }), [null, null]);
});

testCodecs("parts fields at any ASCII delimiter, even one that values are made of", (codec) => {
  const columns = columnsOf({ a: "int64", b: "boolean", c: "text" });
  const header = ["a", "b", "c"];
  const cases: [string, string, Cell[] | undefined][] = [
    ["\t", "1\ttrue\ta,b\n", [1n, 1n, "a,b"]],
    [";", '1;"f";"x;y"\n', [1n, 0n, "x;y"]],
    [" ", "1 t  \n", undefined],
    ["|", "|||", undefined],
    ["|", "||", [null, null, null]],
    ["0", "1010a\n", [1n, 1n, "a"]],
    ["r", "1rtrue\n", [1n, 1n, "ue"]],
    ["e", "1etrue\n", undefined],
    [".", "1.0.x\n", [1n, 0n, "x"]],
    ["-", "1-t-2\n", [1n, 1n, "2"]],
    ["\\", "1\\t\\n\n", [1n, 1n, "n"]],
    ["\x01", "1\x01t\x01\n", [1n, 1n, null]],
    ["\x7f", "1\x7ft\x7f\x7e\n", [1n, 1n, "\x7e"]],
  ];
  for (const [delimiter, record, cells] of cases) {
    const batch = batchOf([record], columns, csvFormat(header, { delimiter }));
    assertEquals(allCells(codec, batch).rows, cells === undefined ? [] : [cells], record);
    assertEquals(copyText(codec, batch).rows, cells === undefined ? 0 : 1, record);
  }
  const refused: [ColumnType, string, string][] = [
    ["boolean", "true", "r"],
    ["int64", "1020", "0"],
    ["float64", "1e5", "e"],
    ["json", "[1]", "1"],
  ];
  for (const [type, field, delimiter] of refused) {
    assertEquals(fieldOf(codec, type, field, { delimiter }), "malformed");
  }
});

/** Rows of text, as cells and as COPY, which must not differ; and the numbers of the rows. */
function textRows(codec: Codec, batch: Batch): { rows: (string | null)[][]; numbers: number[] } {
  const { rows, numbers, rejects } = allCells(codec, batch);
  const texts = rows.map((row) => row.map((cell) => cell === null ? null : String(cell)));
  const copy = copyText(codec, batch);
  assertEquals(decodeCopy(copy.bytes), texts);
  assertEquals(copy.rowOf, numbers);
  assertEquals(copy.rejects, rejects);
  return { rows: texts, numbers };
}

testCodecs("knows the end of a CSV record from what may not follow a field", (codec) => {
  const cases: [string, [string | null, string | null] | undefined][] = [
    ["1,2", ["1", "2"]],
    ["1,2\n\n\n", ["1", "2"]],
    ["1,2\r", ["1", "2"]],
    ["1,2\r\n\r\r\n", ["1", "2"]],
    ["1,2\r\r", ["1", "2"]],
    ["1,2\r\r\n\r", ["1", "2"]],
    ["1,2\r\r3", undefined],
    ['1,"2"\r\r', ["1", "2"]],
    ["1,2\r3", undefined],
    ["1\r3,2", undefined],
    ["1,2,\n", undefined],
    ["1,2,3\n", undefined],
    ["1\n,2\n", undefined],
    ["1\n", undefined],
    ['1,"2\n', undefined],
    ['1,"2', undefined],
    ['"1",2', ["1", "2"]],
    ['1,"2""\n', undefined],
    ['1,"2"3\n', undefined],
    ['"1"2,3\n', undefined],
    ['1,"2"', ["1", "2"]],
    ['"1","2"', ["1", "2"]],
    ['"1",""', undefined],
    ["12,", ["12", null]],
    [",34", [null, "34"]],
    ['1"",2\n', undefined],
    ['1,2"\n', undefined],
    ['1,2"3"\n', undefined],
    ["1\0,2\n", undefined],
    ["", undefined],
    ["\n", undefined],
    [",", [null, null]],
    ["5,6", ["5", "6"]],
  ];
  for (const type of ["int64", "text"] as const) {
    const columns = columnsOf({ a: type, b: type });
    const list = type === "int64" ? cases : cases.map(([record, row]) =>
      [
        record,
        record === "1\0,2\n" ? ["1\0", "2"] : record === '"1",""' ? ["1", ""] : row,
      ] as const
    );
    for (const [record, row] of list) {
      const batch = batchOf([record], columns, csvFormat(["a", "b"]));
      assertEquals(textRows(codec, batch).rows, row ? [row] : [], JSON.stringify(record));
    }
    // The same in one batch, where other records stand behind each of them, line end or not; and
    // once more in another order.
    for (const records of [list, list.toReversed(), list.flatMap((entry) => [entry, entry])]) {
      const batch = batchOf(records.map(([record]) => record), columns, csvFormat(["a", "b"]));
      assertEquals(textRows(codec, batch), {
        rows: records.flatMap(([, row]) => row ? [[...row]] : []),
        numbers: records.flatMap(([, row], number) => row ? [number] : []),
      });
    }
  }
});

testCodecs("follows a header of the same fields in another order", (codec) => {
  const columns = columnsOf({ a: "text", b: "text" });
  const batch = batchOf(["1,2\n"], columns, csvFormat(["b", "a"]));
  assertEquals(textRows(codec, batch).rows, [["2", "1"]]);
});

testCodecs("forgets the values of the row and the batch before", (codec) => {
  const columns = columnsOf({ a: "text", b: "text", c: "text" });
  const full = batchOf(["1,2,3\n", "1,2,3\n"], columns, csvFormat(["a", "b", "c"]));
  assertEquals(textRows(codec, full).rows.length, 2);
  const less = batchOf(["4,5\n", "6,7\n"], columns, csvFormat(["c", "a"]));
  assertEquals(textRows(codec, less).rows, [["5", null, "4"], ["7", null, "6"]]);
  const twice = batchOf(["4,5\n"], columns, csvFormat(["c", "c"]));
  assertEquals(textRows(codec, twice).rows, [[null, null, "5"]]);
});

testCodecs("checks CSV by the columns' types", (codec) => {
  assertEquals(fieldOf(codec, "int16", "32768"), "range");
  assertEquals(fieldOf(codec, "int16", "5.0"), [5n, "5"]);
  assertEquals(fieldOf(codec, "int32", "007"), "type");
  assertEquals(fieldOf(codec, "int64", '"-0"'), [0n, "-0"]);
  assertEquals(fieldOf(codec, "int64", "1 "), "type");
  assertEquals(fieldOf(codec, "boolean", "TRUE"), [1n, "t"]);
  assertEquals(fieldOf(codec, "boolean", "truex"), "type");
  assertEquals(fieldOf(codec, "boolean", "yes"), "type");
  assertEquals(fieldOf(codec, "float64", "1e400"), "range");
  assertEquals(fieldOf(codec, "decimal", "1,5"), "malformed");
  assertEquals(fieldOf(codec, "json", '"[1, 2"'), "type");
  assertEquals(fieldOf(codec, "json", " 1 "), [" 1 ", " 1 "]);
  assertEquals(fieldOf(codec, "json", "1\x01"), "type");
  assertEquals(fieldOf(codec, "json", '"""\\ud800"""'), "encoding");
  assertEquals(fieldOf(codec, "bytes", "AB=="), "type");
  assertEquals(fieldOf(codec, "date", "2023-02-29"), "range");
});

testCodecs("takes no NULL for a column that has none", (codec) => {
  const columns = columnsOf({ a: "text", b: "int64" }).map((c) => ({ ...c, nullable: false }));
  const batch = batchOf([",1\n", "x,\n", '"",1\n', "x,2\n"], columns, csvFormat(["a", "b"]));
  const { rejects, rows } = allCells(codec, batch);
  assertEquals(rejects.map((r) => [r.code, r.column, r.line]), [["null", "a", 1], [
    "null",
    "b",
    2,
  ]]);
  assertEquals(rows, [["", 1n], ["x", 2n]]);
  assertEquals(copyText(codec, batch).rejects, rejects);
});
