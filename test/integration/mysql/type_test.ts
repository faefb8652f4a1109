/** Values of every type, into tables that a load makes and into those that are there, and back. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Column } from "../../../mod.ts";
import { load, type Place, rejected, test } from "./load_case.ts";

const BIG = "x".repeat(1024 * 1024 - 2) + "é";
const UUID = "0190a5d5-7e4b-7c3a-8000-00000000000f";

/** Each type with values of JSON, and what is read back; NULL goes with all of them. */
const VALUES: readonly (readonly [Column["type"], readonly (readonly [string, string])[]])[] = [
  ["boolean", [["true", "1"], ["false", "0"]]],
  ["int16", [["-32768", "-32768"], ["32767", "32767"]]],
  ["int32", [["-2147483648", "-2147483648"], ["2147483647", "2147483647"]]],
  ["int64", [
    ["9007199254740993", "9007199254740993"],
    ["9223372036854775807", "9223372036854775807"],
    ["-9223372036854775808", "-9223372036854775808"],
  ]],
  ["decimal", [
    [
      "12345678901234567890123456789012345.123456789012345678901234567891",
      "12345678901234567890123456789012345.123456789012345678901234567891",
    ],
    ["-0.5", "-0.500000000000000000000000000000"],
  ]],
  ["float32", [["0.5", "0.5"], ["-16777216", "-16777200"]]],
  ["float64", [
    ["1e308", "1e+308"],
    ["-1.7976931348623157e308", "-1.7976931348623157e+308"],
    ["5e-324", "5e-324"],
    ["0.1", "0.1"],
    ["9007199254740993", "9007199254740992"],
  ]],
  ["text", [
    ['""', ""],
    ['"a\\u0000b"', "a\0b"],
    [`"it's \\\\ \\"quoted\\" \\n\\u001a 😀 é"`, `it's \\ "quoted" \n\u001a 😀 é`],
    [`"blanks  "`, "blanks  "],
    [JSON.stringify(BIG), BIG],
  ]],
  ["json", [[
    '{"a": [1, 12345678901234567890.10, "\\\\ \'"]}',
    `{"a": [1, 12345678901234567890.10, "\\\\ '"]}`,
  ], ["[]", "[]"]]],
  ["date", [['"0001-01-01"', "0001-01-01"], ['"9999-12-31"', "9999-12-31"]]],
  ["time", [['"23:59:59.999999"', "23:59:59.999999"], ['"00:00"', "00:00:00.000000"]]],
  ["timestamp", [
    ['"9999-12-31T23:59:59.999999"', "9999-12-31 23:59:59.999999"],
    ['"2024-02-29 12:30"', "2024-02-29 12:30:00.000000"],
    ['"2024-02-29 12:30:00.123456000"', "2024-02-29 12:30:00.123456"],
  ]],
  ["timestamptz", [
    ['"2039-01-01T00:00:00Z"', "2039-01-01 00:00:00.000000"],
    ['"2024-03-01T00:30:00.5+01:30"', "2024-02-29 23:00:00.500000"],
    ['"2024-02-29 22:30-0130"', "2024-03-01 00:00:00.000000"],
    ['"9999-12-31T23:59:59.999999+00"', "9999-12-31 23:59:59.999999"],
  ]],
  ["uuid", [[`"${UUID}"`, UUID], [`"${UUID.toUpperCase()}"`, UUID]]],
];

function schema(type: Column["type"]): Column[] {
  return [
    { name: "id", type: "int32", nullable: false, key: true },
    { name: "v", type, nullable: true, key: false },
  ];
}

for (const [type, values] of VALUES) {
  const records = [...values.map(([json], i) => `{"id":${i},"v":${json}}`), '{"id":99,"v":null}'];
  const expected = [...values.map(([, text]) => text), null];
  test(`values of ${type} come back, into a new table and into the one it has become`, async (place) => {
    const { backend, db } = place;
    for (const round of [1, 2]) {
      const report = await load(place, records, { schema: schema(type), key: ["id"], fresh: true });
      assertEquals(report.committed, records.length, `round ${round}`);
      const found = await db.query("SELECT v FROM t ORDER BY id");
      assertEquals(found.flat(), expected, `round ${round}`);
      // The types of the table are those that it was made from.
      const live = await backend.describeTable!({ name: "t" });
      assertEquals(live!.columns.map((column) => column.type), ["int32", type]);
      await db.execute("DELETE FROM t");
    }
  });
}

test("bytes come back, from every form", async (place) => {
  const columns = schema("bytes");
  await load(place, ['{"id":1,"v":"\\\\x00ff27"}', '{"id":2,"v":"\\\\x"}'], {
    schema: columns,
    key: ["id"],
  });
  assertEquals(await place.db.query("SELECT hex(v) FROM t ORDER BY id"), [["00FF27"], [""]]);
  assertEquals((await place.backend.describeTable!({ name: "t" }))!.columns[1]!.type, "bytes");
});

const FAULTS: readonly (readonly [Column["type"], string])[] = [
  ["float64", '"NaN"'],
  ["float64", "1e309"],
  ["int64", "9223372036854775808"],
  ["text", '"\\ud800"'],
  ["decimal", "1e40"],
  ["timestamptz", '"9999-12-31T23:59:59-01:00"'],
];

for (const [type, json] of FAULTS) {
  test(`${json} is no ${type}: its row is left out, the others are in`, async (place) => {
    const { report, rejects } = await rejected(
      place,
      ['{"id":1,"v":null}', `{"id":2,"v":${json}}`, '{"id":3,"v":null}'],
      { schema: schema(type), key: ["id"] },
    );
    assertEquals([report.committed, report.rejected], [2, 1]);
    assertEquals(rejects.map(({ line }) => line), [2]);
    assertEquals(await place.db.query("SELECT id FROM t ORDER BY id"), [["1"], ["3"]]);
  });
}

/** Columns that would keep another value than the one that comes, without a word or with a note. */
const CHANGED: readonly (readonly [declared: string, kept: string, changed: string])[] = [
  ["TIME", '"10:00:00"', '"10:00:00.5"'],
  ["DATETIME(3)", '"2024-01-01T10:00:00.125000"', '"2024-01-01T10:00:00.0001"'],
  ["TIMESTAMP NULL", '"2038-01-01T00:00:00Z"', '"2039-01-01T00:00:00Z"'],
  ["DECIMAL(5,2)", "1.25", "1.234"],
  ["VARCHAR(3)", '"abc"', '"abc "'],
  ["VARCHAR(2)", '"ab"', '"abc"'],
  ["BINARY(2)", '"\\\\xffff"', '"\\\\xff"'],
  ["ENUM('x','1')", '"1"', '"2"'],
  ["YEAR", '"2024"', '"24"'],
  ["TINYINT UNSIGNED", "255", "-1"],
  ["BIGINT UNSIGNED", "18446744073709551615", "18446744073709551616"],
  ["VARCHAR(9) CHARACTER SET latin1", '"é"', '"中"'],
  ["INT NOT NULL", "1", "null"],
];

for (const [declared, kept, changed] of CHANGED) {
  test(`a column of ${declared} keeps ${kept}, and refuses ${changed}`, async (place) => {
    await place.db.execute(`CREATE TABLE t (id INT PRIMARY KEY, v ${declared})`);
    const { report, rejects } = await rejected(place, [
      `{"id":1,"v":${kept}}`,
      `{"id":2,"v":${changed}}`,
      `{"id":3,"v":${kept}}`,
    ]);
    assertEquals([report.committed, report.rejected], [2, 1]);
    assertEquals(rejects.map(({ line }) => line), [2]);
    assertMatch(JSON.stringify(rejects[0]), /"column":"v"/);
    assertEquals(await place.db.query("SELECT id FROM t ORDER BY id"), [["1"], ["3"]]);
  });
}

const LOGICAL: Readonly<Record<string, string>> = {
  "TINYINT": "int16",
  "TINYINT(1)": "boolean",
  "BIT(1)": "boolean",
  "SMALLINT UNSIGNED": "int32",
  "MEDIUMINT": "int32",
  "INT UNSIGNED": "int64",
  "BIGINT": "int64",
  "BIGINT UNSIGNED": "decimal",
  "DECIMAL(10,2)": "decimal",
  "FLOAT": "float32",
  "DOUBLE": "float64",
  "CHAR(3)": "text",
  "TINYTEXT": "text",
  "MEDIUMTEXT": "text",
  "JSON": "json",
  "BINARY(2)": "bytes",
  "TINYBLOB": "bytes",
  "DATE": "date",
  "TIME(3)": "time",
  "DATETIME": "timestamp",
  "TIMESTAMP NULL": "timestamptz",
  "UUID": "uuid",
  "YEAR": "other",
  "ENUM('a')": "other",
};

test("declared types are read as logical ones", async ({ db, backend }) => {
  const definitions = Object.keys(LOGICAL).map((declared, i) => `c${i} ${declared}`);
  await db.execute(`CREATE TABLE t (${definitions.join(", ")})`);
  const live = await backend.describeTable!({ name: "t" });
  const read = live!.columns.map(({ type }, i) => [Object.keys(LOGICAL)[i], type]);
  assertEquals(read, Object.entries(LOGICAL));
});

test("defaults, generated columns and columns that count are known", async ({ db, backend }) => {
  await db.execute(
    `CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, a INT NOT NULL DEFAULT 7, b INT DEFAULT NULL,
      c INT AS (a + 1) VIRTUAL, d INT AS (a + 1) STORED, e INT)`,
  );
  const live = await backend.describeTable!({ name: "t" });
  const facts = live!.columns.map((c) => [c.name, c.nullable, c.hasDefault, c.generated]);
  assertEquals(facts, [
    ["id", false, true, false],
    ["a", false, true, false],
    ["b", true, false, false],
    ["c", true, false, true],
    ["d", true, false, true],
    ["e", true, false, false],
  ]);
});

test("fields take their defaults where they are absent, and 0 is a 0 to a column that counts", async (place: Place) => {
  await place.db.execute(
    "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, a INT DEFAULT 7, b INT AS (a + 1) STORED)",
  );
  await load(place, ['{"id":0,"a":1}', '{"a":2}', '{"id":5}']);
  assertEquals(await place.db.query("SELECT id, a, b FROM t ORDER BY id"), [
    ["0", "1", "2"],
    ["1", "2", "3"],
    ["5", "7", "8"],
  ]);
});

test("a note names what a declared type changes without a word", async (place) => {
  await place.db.execute("CREATE TABLE t (id INT PRIMARY KEY, c CHAR(5), f FLOAT)");
  const report = await load(place, ['{"id":1,"c":"a","f":1}']);
  assertStringIncludes(report.notes.join(), "char(5)");
  assertStringIncludes(report.notes.join(), "float");
});
