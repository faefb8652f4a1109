import { assertEquals, assertStrictEquals } from "@std/assert";
import type { ColumnType } from "../../../src/model/column_type.ts";
import type { Cell, CellOptions, Codec } from "../../../host/codec/codec.ts";
import { testCodecs } from "./both_codecs.ts";
import { batchOf, columnsOf, csvFormat, LENIENT, STRICT } from "./sample_batch.ts";

/** The cells of one column, each given as JSON; the code of the reject where there is no cell. */
function cellsOf(
  codec: Codec,
  type: ColumnType,
  values: readonly string[],
  options: CellOptions = LENIENT,
): (Cell | string)[] {
  return values.map((value) => {
    const cells: Cell[] = [];
    const batch = batchOf([`{"v":${value}}\n`], columnsOf({ v: type }));
    const reader = codec.cells(batch, options);
    assertEquals(reader.read(9, cells, []), 1 - reader.rejects.length);
    return reader.rejects.length > 0 ? reader.rejects[0]!.code : cells[0]!;
  });
}

/** The same cells in the order of a batch, so that each one meets others in its slice. */
function cellsTogether(codec: Codec, type: ColumnType, values: readonly string[]): Cell[] {
  const cells: Cell[] = [];
  const batch = batchOf(values.map((value) => `{"v":${value}}\n`), columnsOf({ v: type }));
  const reader = codec.cells(batch, LENIENT);
  while (reader.read(2, cells, []) > 0);
  assertEquals(reader.rejects, []);
  return cells;
}

testCodecs("makes strings of every width, escaped or not", (codec) => {
  const texts = [
    "",
    "a",
    "x".repeat(15),
    "x".repeat(16),
    "x".repeat(17),
    "x".repeat(1000),
    "größe",
    "\u007f\u0080\u00ff",
    "\u0100",
    "é".repeat(40),
    "é\u0100",
    "日本語テキスト",
    "日".repeat(33),
    "😀",
    "a😀b\u{10ffff}\ud7ff\ue000",
    "\ufeffwith a mark",
    'quotes " and \\ and / and \b\f\n\r\t',
    "\u0000",
    "ends with \u0000",
  ];
  const plain = (text: string) => JSON.stringify(text);
  const escaped = (text: string) =>
    plain(text).replace(
      /[\u007f-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  for (const spell of [plain, escaped]) {
    assertEquals(cellsOf(codec, "text", texts.map(spell)), texts);
    assertEquals(cellsTogether(codec, "text", texts.map(spell)), texts);
  }
});

testCodecs("gives other values of a text column by their source", (codec) => {
  const values = ["12.50", "true", '{"a": [1, "\\u00e9"]}', '["日"]', "-0"];
  assertEquals(cellsOf(codec, "text", values), values);
  const documents = ['"a \\"b\\" é"', '{"日":1}', "null", "1e400"];
  assertEquals(cellsOf(codec, "json", documents), ['"a \\"b\\" é"', '{"日":1}', null, "1e400"]);
});

testCodecs("makes bigints of integers, whatever their size and form", (codec) => {
  const digits = "1234567890123456789";
  const values = Array.from({ length: digits.length }, (_, i) => digits.slice(0, i + 1));
  for (const value of [...values, ...values.map((v) => `-${v}`)]) {
    assertEquals(cellsOf(codec, "int64", [value, JSON.stringify(value)]), [
      BigInt(value),
      BigInt(value),
    ]);
  }
  assertEquals(
    cellsOf(codec, "int64", [
      "0",
      "-0",
      "1023",
      "1024",
      "2147483647",
      "2147483648",
      "-2147483648",
      "-2147483649",
      "9223372036854775807",
      "-9223372036854775808",
      "9223372036854775808",
      "-9223372036854775809",
      "99999999999999999999",
      "5.0",
      "1e3",
      "1.5",
      '"007"',
      '""',
      '"-"',
      '"1 "',
      "null",
    ]),
    [
      0n,
      0n,
      1023n,
      1024n,
      2147483647n,
      2147483648n,
      -2147483648n,
      -2147483649n,
      9223372036854775807n,
      -9223372036854775808n,
      "range",
      "range",
      "range",
      5n,
      1000n,
      "type",
      "type",
      "type",
      "type",
      "type",
      null,
    ],
  );
  assertEquals(cellsOf(codec, "int16", ["32767", "32768", "-32768", "-32769"]), [
    32767n,
    "range",
    -32768n,
    "range",
  ]);
  assertEquals(cellsOf(codec, "int32", ["2147483647", "2147483648", "-2147483648"]), [
    2147483647n,
    "range",
    -2147483648n,
  ]);
});

testCodecs("takes nothing for an integer that has a character more than digits", (codec) => {
  for (let length = 1; length <= 18; length++) {
    const digits = "123456789123456789".slice(0, length);
    assertEquals(cellsOf(codec, "int64", [`"${digits}"`]), [BigInt(digits)]);
    for (let at = 0; at < length; at++) {
      const odd = [..."/:x-+ \x7fé"].map((c) =>
        `"${digits.slice(0, at)}${c}${digits.slice(at + 1)}"`
      );
      const signed = at === 0 && length > 1;
      const expected = odd.map((_, i) => signed && i === 3 ? -BigInt(digits.slice(1)) : "type");
      assertEquals(cellsOf(codec, "int64", odd), expected);
    }
  }
});

testCodecs(
  "gives integers and booleans as numbers where it is asked to, if they are exact",
  (codec) => {
    const numbers = { ...LENIENT, numbers: [true] };
    assertEquals(
      cellsOf(codec, "int64", [
        "0",
        "1023",
        "-1",
        "2147483648",
        "9007199254740991",
        "9007199254740992",
        "9007199254740993",
        "-9007199254740991",
        "-9007199254740992",
        "9223372036854775807",
        "5.0",
      ], numbers),
      [
        0,
        1023,
        -1,
        2147483648,
        9007199254740991,
        9007199254740992n,
        9007199254740993n,
        -9007199254740991,
        -9007199254740992n,
        9223372036854775807n,
        5,
      ],
    );
    // Not -0: SQLite takes that for a fraction.
    assertStrictEquals(Object.is(cellsOf(codec, "int64", ["-0"], numbers)[0], 0), true);
    assertEquals(cellsOf(codec, "boolean", ["true", '"f"', "1", "null"], numbers), [1, 0, 1, null]);
    assertEquals(cellsOf(codec, "boolean", ["true", '"f"', "1", "2"]), [1n, 0n, 1n, "type"]);
    assertEquals(cellsOf(codec, "decimal", ["12"], numbers), ["12"]);
  },
);

testCodecs("asks for each column by itself whether its integers are numbers", (codec) => {
  const batch = batchOf(["1,2,3\n", "4,5,6\n"], columnsOf({ a: "int64", b: "int32", c: "int64" }), {
    ...csvFormat(["a", "b", "c"]),
  });
  const cells: Cell[] = [];
  codec.cells(batch, { ...STRICT, numbers: [false, true] }).read(2, cells, []);
  assertEquals(cells, [1n, 2, 3n, 4n, 5, 6n]);
});

testCodecs("makes doubles that are exact to the last bit", (codec) => {
  const texts = [
    "0",
    "-0",
    "-0.0",
    "1",
    "0.1",
    "0.30000000000000004",
    "123456789012345",
    "1234567890123456",
    "9007199254740991",
    "9007199254740993",
    "9007199254740992.5",
    "1e22",
    "1e23",
    "-1E+22",
    "5e-22",
    "5e-23",
    "8.5e-05",
    "179.76931348623157e306",
    "4.9e-324",
    "2.2250738585072011e-308",
    "0.000001",
    "1.7976931348623157e308",
    "3.4028234663852886e38",
    "0e5",
    "0.1000000000000000055511151231257827021181583404541015625",
    "12345678901234567890123456789",
    "9007199254740993e1",
    "18446744073709551617",
    "1.8446744073709551617",
    "0.00000000000000000001",
    "184467440737095516160.5e-3",
  ];
  for (const text of texts) {
    for (const value of [text, JSON.stringify(text)]) {
      const [cell] = cellsOf(codec, "float64", [value]);
      assertStrictEquals(Object.is(cell, Number(text)), true, value);
    }
  }
  assertEquals(cellsOf(codec, "float64", ["1e400", "1e-400", '"NaN"', '"-Infinity"', '"nan"']), [
    "range",
    "range",
    NaN,
    -Infinity,
    "type",
  ]);
  assertEquals(cellsOf(codec, "float64", ['"NaN"', '"Infinity"'], STRICT), ["type", Infinity]);
  assertEquals(cellsOf(codec, "float32", ["0.1", "3.5e38", "16777217"]), [0.1, "range", 16777217]);
});

testCodecs("keeps the digits of decimals, and the text of dates and UUIDs", (codec) => {
  const decimals = ["0.10", "-12345678901234567890.123456789", "1e5"];
  assertEquals(cellsOf(codec, "decimal", decimals), decimals);
  const uuid = "00000000-0000-4000-8000-00000000000A";
  const time = "2024-02-29 12:34:56.123456+01:00";
  assertEquals(cellsOf(codec, "uuid", [`"${uuid}"`]), [uuid]);
  assertEquals(cellsOf(codec, "timestamptz", [`"${time}"`]), [time]);
  assertEquals(cellsOf(codec, "date", ['"2023-02-29"', '"2024-02-\\u0032\\u0039"']), [
    "range",
    "2024-02-29",
  ]);
});

testCodecs("decodes bytes into arrays of their own", (codec) => {
  const contents = [0, 1, 2, 3, 4, 15, 16, 17, 100].map((length) =>
    Uint8Array.from({ length }, (_, i) => 255 - i)
  );
  const values = contents.map((content) => JSON.stringify(content.toBase64()));
  const cells = cellsTogether(codec, "bytes", values) as Uint8Array[];
  assertEquals(cells, contents);
  for (const cell of cells) assertEquals(cell.buffer.byteLength, cell.length);
  assertEquals(cellsOf(codec, "bytes", ['"AB=="', '"AAA"', '"A\\u0041=="', "12"]), [
    "type",
    "type",
    Uint8Array.of(0),
    "type",
  ]);
});

testCodecs("refuses U+0000 where the database takes none", (codec) => {
  const values = ['"a\\u0000b"', '"\\\\u0000"'];
  assertEquals(cellsOf(codec, "text", values, STRICT), ["encoding", "\\u0000"]);
  assertEquals(cellsOf(codec, "json", values, STRICT), ["encoding", '"\\\\u0000"']);
  assertEquals(cellsOf(codec, "text", values), ["a\0b", "\\u0000"]);
});
