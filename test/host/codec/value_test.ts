import { assertEquals } from "@std/assert";
import type { ColumnType } from "../../../src/model/column_type.ts";
import type { Batch } from "../../../src/model/batch.ts";
import type { Cell, CellRules, Codec } from "../../../host/codec/codec.ts";
import { allCells, copyText, testCodecs } from "./both_codecs.ts";
import { batchOf, columnsOf, csvFormat, decodeCopy, LENIENT, STRICT } from "./sample_batch.ts";

/** Column type, JSON value, then the COPY field and the cell, or the code of the reject. */
type Case = readonly [ColumnType, string, string] | readonly [ColumnType, string, string, Cell];

const S = JSON.stringify;

/** What becomes of a value: its COPY field and its cell, or the code of the reject. */
type Encoded = { readonly copy: string | null; readonly cell: Cell } | string;

/** One JSON value in a nullable column. */
function encodeValue(
  codec: Codec,
  type: ColumnType,
  json: string,
  rules: CellRules = LENIENT,
): Encoded {
  return encodeRecord(codec, batchOf([`{"v":${json}}\n`], columnsOf({ v: type })), rules);
}

/** The only field of a CSV record. */
function encodeField(
  codec: Codec,
  type: ColumnType,
  field: string,
  rules: CellRules = LENIENT,
): Encoded {
  const batch = batchOf([`${field}\r\n`], columnsOf({ v: type }), csvFormat(["v"]));
  return encodeRecord(codec, batch, rules);
}

function encodeRecord(codec: Codec, batch: Batch, rules: CellRules): Encoded {
  const copy = copyText(codec, batch, { rules });
  const cells = allCells(codec, batch, { rules });
  assertEquals(copy.rejects, cells.rejects);
  const rejected = copy.rejects[0];
  if (rejected !== undefined) return rejected.code;
  return { copy: decodeCopy(copy.bytes)[0]![0]!, cell: cells.rows[0]![0]! };
}

const INTEGERS: Case[] = [
  ["int16", "32767", "32767", 32767n],
  ["int16", "-32768", "-32768", -32768n],
  ["int16", "32768", "range"],
  ["int16", "-32769", "range"],
  ["int32", "2147483647", "2147483647", 2147483647n],
  ["int32", "-2147483649", "range"],
  ["int64", "0", "0", 0n],
  ["int64", "-0", "-0", 0n],
  ["int64", "-5", "-5", -5n],
  ["int64", "9007199254740993", "9007199254740993", 9007199254740993n],
  ["int64", "999999999999999", "999999999999999", 999999999999999n],
  ["int64", "9223372036854775807", "9223372036854775807", 9223372036854775807n],
  ["int64", "-9223372036854775808", "-9223372036854775808", -9223372036854775808n],
  ["int64", "9223372036854775808", "range"],
  ["int64", "-9223372036854775809", "range"],
  ["int64", "10000000000000000000", "range"],
  ["int32", "5.0", "5", 5n],
  ["int32", "-5.00", "-5", -5n],
  ["int32", "1e3", "1000", 1000n],
  ["int32", "1.5E+1", "15", 15n],
  ["int32", "1200e-2", "12", 12n],
  ["int32", "-0.0", "0", 0n],
  ["int32", "0e999999999999", "0", 0n],
  ["int32", "0.001e3", "1", 1n],
  ["int64", "9.223372036854775807e18", "9223372036854775807", 9223372036854775807n],
  ["int64", "9.223372036854775808e18", "range"],
  ["int32", "1e400", "range"],
  ["int32", "1e99999999999999999999", "range"],
  ["int32", "1e-99999999999999999999", "type"],
  ["int32", "5.5", "type"],
  ["int32", "true", "type"],
  ["int32", "[]", "type"],
  ["int32", "{}", "type"],
  ["int32", '"12"', "12", 12n],
  ["int32", '"\\u0031\\u0032"', "12", 12n],
  ["int32", '"1e2"', "100", 100n],
  ["int32", '"012"', "type"],
  ["int32", '"+1"', "type"],
  ["int32", '" 1"', "type"],
  ["int32", '"1 "', "type"],
  ["int32", '""', "type"],
  ["int32", '"-"', "type"],
  ["int32", '"é"', "type"],
];

const NUMBERS: Case[] = [
  ["decimal", "0.10", "0.10", "0.10"],
  ["decimal", "12345678901234567890.123456789", "12345678901234567890.123456789"].concat(
    "12345678901234567890.123456789",
  ) as unknown as Case,
  ["decimal", "1e400", "1e400", "1e400"],
  ["decimal", '"-7.50"', "-7.50", "-7.50"],
  ["decimal", '"NaN"', "type"],
  ["decimal", '"1."', "type"],
  ["decimal", "1e131071", "1e131071", "1e131071"],
  ["decimal", "1e131072", "range"],
  ["decimal", "1e-16383", "1e-16383", "1e-16383"],
  ["decimal", "1e-16384", "range"],
  ["decimal", "false", "type"],
  ["float64", "0.1", "0.1", 0.1],
  ["float64", "1E5", "1E5", 100000],
  ["float64", "-0", "-0", -0],
  ["float64", "1e400", "range"],
  ["float64", "-1e400", "range"],
  ["float64", "1e-400", "range"],
  ["float64", "0e-400", "0e-400", 0],
  ["float64", "5e-324", "5e-324", 5e-324],
  ["float64", '"2.5"', "2.5", 2.5],
  ["float64", '"Infinity"', "Infinity", Infinity],
  ["float64", '"-Infinity"', "-Infinity", -Infinity],
  ["float64", '"NaN"', "NaN", NaN],
  ["float64", '"nan"', "type"],
  ["float64", '"+Infinity"', "type"],
  ["float64", '"inf"', "type"],
  ["float64", '"1e"', "type"],
  ["float64", "true", "type"],
  ["float32", "3.4e38", "3.4e38", 3.4e38],
  ["float32", "3.5e38", "range"],
  ["float32", "1e-60", "range"],
  ["float32", "0.1", "0.1", 0.1],
];

const WORDS: Case[] = [
  ["boolean", "true", "t", 1n],
  ["boolean", "false", "f", 0n],
  ["boolean", "1", "t", 1n],
  ["boolean", "0", "f", 0n],
  ["boolean", "1.0", "type"],
  ["boolean", "2", "type"],
  ["boolean", "-0", "type"],
  ["boolean", '"TRUE"', "t", 1n],
  ["boolean", '"False"', "f", 0n],
  ["boolean", '"T"', "t", 1n],
  ["boolean", '"f"', "f", 0n],
  ["boolean", '"1"', "t", 1n],
  ["boolean", '"0"', "f", 0n],
  ["boolean", '"yes"', "type"],
  ["boolean", '""', "type"],
  ["boolean", "{}", "type"],
  ["text", '""', "", ""],
  ["text", '"\\\\N"', "\\N", "\\N"],
  ["text", '"\\\\."', "\\.", "\\."],
  ["text", S('a\tb\nc\rd\\e"f/g\b\f\v'), 'a\tb\nc\rd\\e"f/g\b\f\v', 'a\tb\nc\rd\\e"f/g\b\f\v'],
  ["text", '"\\/"', "/", "/"],
  ["text", '"\\ud83d\\ude00"', "😀", "😀"],
  ["text", '"größe 😀"', "größe 😀", "größe 😀"],
  ["text", '"\\u00e9\\u20ac\\u0041"', "é€A", "é€A"],
  ["text", '"\ufeffmark"', "\ufeffmark", "\ufeffmark"],
  ["text", '"\\ufeffmark"', "\ufeffmark", "\ufeffmark"],
  ["text", '"a\\u0000b"', "a\0b", "a\0b"],
  ["text", '"\\ud800"', "encoding"],
  ["text", '"\\ud800\\u0041"', "encoding"],
  ["text", '"\\udc00"', "encoding"],
  ["text", '"\x7f"', "\x7f", "\x7f"],
  ["text", "1.50", "1.50", "1.50"],
  ["text", "true", "true", "true"],
  ["text", '{"a" : "\\n"}', '{"a" : "\\n"}', '{"a" : "\\n"}'],
  ["text", "[1, 2]", "[1, 2]", "[1, 2]"],
  ["text", "null", null, null] as unknown as Case,
  ["other", '"(1,2)"', "(1,2)", "(1,2)"],
  ["json", "1", "1", "1"],
  ["json", '"1"', '"1"', '"1"'],
  ["json", '"a\\n\\"é"', '"a\\n\\"é"', '"a\\n\\"é"'],
  ["json", "true", "true", "true"],
  ["json", '{ "a":\t[1,2.50 , null] }', '{ "a":\t[1,2.50 , null] }', '{ "a":\t[1,2.50 , null] }'],
  ["json", "12345678901234567890.10", "12345678901234567890.10", "12345678901234567890.10"],
  ["json", '["\\u0000"]', '["\\u0000"]', '["\\u0000"]'],
  ["json", '["\\ud800"]', "encoding"],
];

const FORMED: Case[] = [
  ...([
    ["date", "2024-02-29", true],
    ["date", "0001-01-01", true],
    ["date", "9999-12-31", true],
    ["date", "2000-02-29", true],
    ["date", "2023-02-29", "range"],
    ["date", "1900-02-29", "range"],
    ["date", "2024-04-31", "range"],
    ["date", "2024-13-01", "range"],
    ["date", "2024-00-01", "range"],
    ["date", "2024-01-00", "range"],
    ["date", "0000-01-01", "range"],
    ["date", "24-01-01", "type"],
    ["date", "2024-1-1", "type"],
    ["date", "20240101", "type"],
    ["date", "2024/01/01", "type"],
    ["date", "2024-01-01T00:00", "type"],
    ["date", "+02024-01-01", "type"],
    ["date", "", "type"],
    ["time", "00:00", true],
    ["time", "23:59:59.999999", true],
    ["time", "12:00:00.123456000", true],
    ["time", "12:00:00.1234567", "range"],
    ["time", "12:00:00.0000000000", "range"],
    ["time", "24:00:00", "range"],
    ["time", "23:60", "range"],
    ["time", "23:59:60", "range"],
    ["time", "12:00:00.", "type"],
    ["time", "12:00:", "type"],
    ["time", "12:0", "type"],
    ["time", "1:00", "type"],
    ["time", "12:00:00Z", "type"],
    ["time", "12.00.00", "type"],
    ["time", "120000", "type"],
    ["timestamp", "2024-02-29T12:30:00", true],
    ["timestamp", "2024-02-29 12:30", true],
    ["timestamp", "2024-02-29T12:30:00.123", true],
    ["timestamp", "2024-02-30T12:30:00", "range"],
    ["timestamp", "2024-02-29T24:00:00", "range"],
    ["timestamp", "2024-02-29T12:30:00Z", "type"],
    ["timestamp", "2024-02-29T12:30:00+01", "type"],
    ["timestamp", "2024-02-29t12:30:00", "type"],
    ["timestamp", "2024-02-29", "type"],
    ["timestamptz", "2024-02-29T12:30:00Z", true],
    ["timestamptz", "2024-02-29 12:30+01", true],
    ["timestamptz", "2024-02-29T12:30:00.123456-0330", true],
    ["timestamptz", "2024-02-29T12:30:00+15:59", true],
    ["timestamptz", "2024-02-29T12:30:00+16:00", "range"],
    ["timestamptz", "2024-02-29T12:30:00+01:60", "range"],
    ["timestamptz", "2024-02-30T12:30:00Z", "range"],
    ["timestamptz", "2024-02-29T12:30:00", "type"],
    ["timestamptz", "2024-02-29T12:30:00z", "type"],
    ["timestamptz", "2024-02-29T12:30:00+1", "type"],
    ["timestamptz", "2024-02-29T12:30:00+01:0", "type"],
    ["timestamptz", "2024-02-29T12:30:00+01.00", "type"],
    ["timestamptz", "2024-02-29T12:30:00ZZ", "type"],
    ["uuid", "123e4567-e89b-12d3-a456-426614174000", true],
    ["uuid", "123E4567-E89B-12D3-A456-426614174000", true],
    ["uuid", "123e4567e89b12d3a456426614174000", "type"],
    ["uuid", "{123e4567-e89b-12d3-a456-426614174000}", "type"],
    ["uuid", "123e4567-e89b-12d3-a456-42661417400g", "type"],
  ] as [ColumnType, string, true | string][]).map(([type, text, fits]): Case =>
    fits === true ? [type, S(text), text, text] : [type, S(text), fits]
  ),
  ["date", "20240101", "type"],
  ["uuid", "true", "type"],
  ["timestamp", '"2024-02-29\\u005412:30:00"', "2024-02-29T12:30:00", "2024-02-29T12:30:00"],
];

const BYTES: Case[] = [
  ["bytes", '""', "\\x", new Uint8Array(0)],
  ["bytes", '"AA=="', "\\x00", Uint8Array.of(0)],
  ["bytes", '"AP8="', "\\x00ff", Uint8Array.of(0, 255)],
  ["bytes", '"+/+/"', "\\xfbffbf", Uint8Array.of(0xfb, 0xff, 0xbf)],
  ["bytes", '"AP8"', "type"],
  ["bytes", '"AP9="', "type"],
  ["bytes", '"AB=="', "type"],
  ["bytes", '"-_-_"', "type"],
  ["bytes", '"===="', "type"],
  ["bytes", '"A==="', "type"],
  ["bytes", '"AA=A"', "type"],
  ["bytes", '"AAAA\\n"', "type"],
  ["bytes", "1234", "type"],
  ["bytes", "[1]", "type"],
];

for (const [name, cases] of Object.entries({ INTEGERS, NUMBERS, WORDS, FORMED, BYTES })) {
  testCodecs(`encodes or rejects every odd value of ${name.toLowerCase()}`, (codec) => {
    for (const [type, json, copy, cell] of cases) {
      const expected = cell === undefined ? copy : { copy, cell };
      assertEquals(encodeValue(codec, type, json), expected, `${type} from ${json}`);
    }
  });
}

testCodecs("takes U+0000 and NaN only where the database does", (codec) => {
  assertEquals(encodeValue(codec, "text", '"\\u0000"', STRICT), "encoding");
  assertEquals(encodeValue(codec, "other", '"\\u0000"', STRICT), "encoding");
  assertEquals(encodeValue(codec, "json", '{"\\u0000":1}', STRICT), "encoding");
  assertEquals(encodeValue(codec, "json", '"\\\\u0000"', STRICT), {
    copy: '"\\\\u0000"',
    cell: '"\\\\u0000"',
  });
  // The source text of an object holds an escape, not the character itself.
  const source = '["\\u0000"]';
  assertEquals(encodeValue(codec, "text", source, STRICT), { copy: source, cell: source });
  assertEquals(encodeValue(codec, "float64", '"NaN"', STRICT), "type");
  assertEquals(encodeField(codec, "text", "a\0b", STRICT), "encoding");
  assertEquals(encodeField(codec, "text", '"a\0b"', STRICT), "encoding");
  assertEquals(encodeField(codec, "json", '"""\\u0000"""', STRICT), "encoding");
  assertEquals(encodeField(codec, "text", "a\0b", LENIENT), { copy: "a\0b", cell: "a\0b" });
});

testCodecs("encodes fields of CSV by their text", (codec) => {
  const cases: [ColumnType, string, unknown][] = [
    ["int64", "9007199254740993", { copy: "9007199254740993", cell: 9007199254740993n }],
    ["int64", '"42"', { copy: "42", cell: 42n }],
    ["int32", '""', "type"],
    ["int32", "", { copy: null, cell: null }],
    ["text", '""', { copy: "", cell: "" }],
    ["text", '"a""b"', { copy: 'a"b', cell: 'a"b' }],
    ["text", "  a ", { copy: "  a ", cell: "  a " }],
    ["text", "\\N\t", { copy: "\\N\t", cell: "\\N\t" }],
    ["boolean", "TRUE", { copy: "t", cell: 1n }],
    ["float64", "NaN", { copy: "NaN", cell: NaN }],
    ["decimal", "1e5", { copy: "1e5", cell: "1e5" }],
    ["json", '"{""a"": 1}"', { copy: '{"a": 1}', cell: '{"a": 1}' }],
    ["json", " [1] ", { copy: " [1] ", cell: " [1] " }],
    ["json", "{a}", "type"],
    ["json", '"""\\ud800"""', "encoding"],
    ["json", "1 2", "type"],
    ["bytes", "AP8=", { copy: "\\x00ff", cell: Uint8Array.of(0, 255) }],
    ["date", "2024-02-30", "range"],
    ["uuid", "none", "type"],
  ];
  for (const [type, field, expected] of cases) {
    assertEquals(encodeField(codec, type, field), expected, `${type} from ${field}`);
  }
});
