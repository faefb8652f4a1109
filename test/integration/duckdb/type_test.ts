/** Every column type, into DuckDB and back, with the edges of each. */
import { assertEquals, assertRejects } from "@std/assert";
import { type Column, csv, LoadError, ndjson, rows } from "../../../mod.ts";
import { readLiveTable } from "../../../host/drivers/duckdb/catalog.ts";
import { openSession } from "../../../host/drivers/duckdb/session.ts";
import { withDuckFile } from "./fixture.ts";

const TYPES = [
  ...["boolean", "int16", "int32", "int64", "decimal", "float32", "float64", "text", "json"],
  ...["bytes", "date", "time", "timestamp", "timestamptz", "uuid"],
] as const;

const NATIVE: Readonly<Record<string, string>> = {
  boolean: "BOOLEAN",
  int16: "SMALLINT",
  int32: "INTEGER",
  int64: "BIGINT",
  decimal: "DECIMAL(38,10)",
  float32: "FLOAT",
  float64: "DOUBLE",
  text: "VARCHAR",
  json: "JSON",
  bytes: "BLOB",
  date: "DATE",
  time: "TIME",
  timestamp: "TIMESTAMP",
  timestamptz: "TIMESTAMP WITH TIME ZONE",
  uuid: "UUID",
};

const SCHEMA: readonly Column[] = [
  { name: "id", type: "int64", nullable: false, key: true },
  ...TYPES.map((type) => ({ name: `c_${type}`, type, nullable: true, key: false }) as Column),
];

/** By type: what comes as JSON, and what DuckDB has then, as text. */
const EDGES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  boolean: [["true", "true"], ["false", "false"]],
  int16: [["-32768", "-32768"], ["32767", "32767"]],
  int32: [["-2147483648", "-2147483648"], ["2147483647", "2147483647"]],
  int64: [
    ["9007199254740993", "9007199254740993"],
    ["-9007199254740993", "-9007199254740993"],
    ["9223372036854775807", "9223372036854775807"],
    ["-9223372036854775808", "-9223372036854775808"],
    ["-1", "-1"],
    ["4294967296", "4294967296"],
    ["-4294967297", "-4294967297"],
  ],
  decimal: [
    ["1234567890123456789012345678.0123456789", "1234567890123456789012345678.0123456789"],
    ["-0.0000000001", "-0.0000000001"],
    ["1.10", "1.1000000000"],
  ],
  float32: [["0.1", "0.1"], ["-3.4028235e38", "-3.4028235e+38"]],
  float64: [["1e308", "1e+308"], ["5e-324", "5e-324"], ["0.1", "0.1"], ["-0.0", "-0.0"]],
  text: [
    ['""', ""],
    ['"a\\u0000b"', "a\0b"],
    ['"😀 é ﷽"', "😀 é ﷽"],
    ['"\\\\x41 \\t \\n"', "\\x41 \t \n"],
    [JSON.stringify("x".repeat(1 << 20)), "x".repeat(1 << 20)],
    ['"twelve bytes"', "twelve bytes"],
    ['"thirteen byte"', "thirteen byte"],
  ],
  json: [
    ['{"a":[1,{"b":null}]}', '{"a":[1,{"b":null}]}'],
    ["12345678901234567890.10", "12345678901234567890.10"],
    ['"t"', '"t"'],
    ["[]", "[]"],
  ],
  bytes: [['"\\\\x00ff"', "\\x00\\xFF"], ['""', ""], ['"\\\\x"', ""]],
  date: [['"0001-01-01"', "0001-01-01"], ['"9999-12-31"', "9999-12-31"]],
  time: [['"00:00:00"', "00:00:00"], ['"23:59:59.999999"', "23:59:59.999999"]],
  timestamp: [
    ['"0001-01-01T00:00:00"', "0001-01-01 00:00:00"],
    ['"9999-12-31 23:59:59.999999"', "9999-12-31 23:59:59.999999"],
  ],
  timestamptz: [
    ['"2024-02-29T12:00:00+05:30"', "2024-02-29 06:30:00+00"],
    ['"9999-12-31T23:59:59.999999Z"', "9999-12-31 23:59:59.999999+00"],
  ],
  uuid: [['"ABCDEF00-0000-4000-8000-00000000000a"', "abcdef00-0000-4000-8000-00000000000a"]],
};

for (const bulk of ["auto", "insert"] as const) {
  for (const type of TYPES) {
    Deno.test(`duckdb: ${bulk}: ${type} comes back as it was, at its edges and as NULL`, () =>
      withDuckFile(async (file) => {
        const edges = EDGES[type]!;
        const lines = edges.map(([json], id) => `{"id":${id},"c_${type}":${json}}`);
        lines.push(`{"id":${edges.length},"c_${type}":null}`);
        await file.load(lines, { table: "t", schema: SCHEMA, config: { bulk } });
        assertEquals(
          (await file.query(
            "SET TimeZone = 'UTC'",
            `SELECT "c_${type}"::VARCHAR FROM t ORDER BY id`,
          )).map(([text]) => text),
          [...edges.map(([, text]) => text), null],
        );
      }));
  }
}

Deno.test("duckdb: a table that a load makes has each type by its name, and they are read back as they were", () =>
  withDuckFile(async (file) => {
    await file.load(['{"id":1}'], { table: "t", schema: SCHEMA, key: ["id"] });
    assertEquals(
      await file.query(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 't' ORDER BY column_index",
      ),
      SCHEMA.map(({ name, type }) => [name, NATIVE[type]!]),
    );
    const session = await openSession({ path: file.path, bulk: "auto", threads: 1 });
    try {
      const live = await readLiveTable(session, { name: "T" });
      assertEquals(
        live!.columns.map(({ name, type, nullable }) => [name, type, nullable]),
        SCHEMA.map(({ name, type, nullable }) => [name, type, nullable]),
      );
      assertEquals(live!.uniqueKeys, [["id"]]);
    } finally {
      await session.close();
    }
  }));

/** Types that DuckDB has beyond those, and what they take. */
const OTHERS: readonly (readonly [string, string, string])[] = [
  ["TINYINT", "-128", "-128"],
  ["UTINYINT", "255", "255"],
  ["USMALLINT", "65535", "65535"],
  ["UINTEGER", "4294967295", "4294967295"],
  ["UBIGINT", "18446744073709551615", "18446744073709551615"],
  [
    "HUGEINT",
    "-170141183460469231731687303715884105728",
    "-170141183460469231731687303715884105728",
  ],
  ["DECIMAL(4,1)", "123.4", "123.4"],
  ["VARCHAR(3)", '"longer"', "longer"],
  ["TIMESTAMP_NS", '"2024-01-01 00:00:00.123456789"', "2024-01-01 00:00:00.123456789"],
  ["TIMETZ", '"10:00:00+02"', "10:00:00+02"],
  ["INTERVAL", '"3 days"', "3 days"],
  ["BIT", '"0101"', "0101"],
  ["ENUM ('a', 'b')", '"b"', "b"],
];

for (const [type, json, text] of OTHERS) {
  Deno.test(`duckdb: a column of type ${type} takes what DuckDB makes of it`, () =>
    withDuckFile(async (file) => {
      await file.query(`CREATE TABLE t (id BIGINT, c ${type})`);
      await file.load([`{"id":1,"c":${json}}`], { table: "t" });
      assertEquals(await file.query("SELECT c::VARCHAR FROM t"), [[text]]);
    }));
}

const REFUSED: readonly (readonly [string, string])[] = [
  ["SMALLINT", "32768"],
  ["BIGINT", "9223372036854775808"],
  ["HUGEINT", "170141183460469231731687303715884105728"],
  ["HUGEINT", "1.5"],
  ["DECIMAL(38,10)", "0.00000000001"],
  ["DECIMAL(4,1)", "1234.5"],
  ["DECIMAL(4,1)", "1.25"],
  ["TIMESTAMP_S", "2024-01-01 00:00:00.1"],
  ["TIMESTAMP", "2024-01-01 00:00:00.1234567"],
  ["FLOAT", "1e308"],
  ["JSON", "not json"],
  ["DATE", "2024-02-30"],
  ["UUID", "not one"],
  ["ENUM ('a')", "z"],
];

for (const [type, value] of REFUSED) {
  Deno.test(`duckdb: a column of type ${type} does not take ${value}, which is a reject`, () =>
    withDuckFile(async (file) => {
      await file.query(`CREATE TABLE t (id BIGINT, c ${type})`);
      const path = `${file.folder}/rows.csv`;
      await Deno.writeTextFile(path, `id,c\n1,\n2,${value}\n`);
      const error = await assertRejects(() => file.load(csv(path), { table: "t" }), LoadError);
      assertEquals(error.code, "rows_rejected");
      assertEquals(error.message.includes(value), false, error.message);
      assertEquals(await file.query("SELECT count(*) FROM t"), [["0"]]);
    }));
}

Deno.test("duckdb: half a character is a reject, and NaN and the infinities are numbers", () =>
  withDuckFile(async (file) => {
    const error = await assertRejects(
      () => file.load(['{"id":1,"c_text":"\\ud800"}'], { table: "t", schema: SCHEMA }),
      LoadError,
    );
    assertEquals(error.code, "rows_rejected");
    const floats = [NaN, Infinity, -Infinity];
    await file.load(rows(floats.map((f, id) => ({ id, f }))), { table: "f" });
    assertEquals(await file.query("SELECT f::VARCHAR FROM f ORDER BY id"), [
      ["nan"],
      ["inf"],
      ["-inf"],
    ]);
  }));

Deno.test("duckdb: names in emoji, quotes, reserved words and capitals stay what they are", () =>
  withDuckFile(async (file) => {
    const record = { "😀": 1, 'a"b': 2, select: 3, Mixed: 4, "with space": 5, rowid: 6 };
    const source = ndjson(await file.write([record, { ...record, Mixed: 7 }]));
    for (const mode of ["append", "replace", "upsert"] as const) {
      const table = `"Odd ""${mode}"" 😀"`;
      await file.load(source, { table, mode, key: ["Mixed"] });
      const found = await file.query(`SELECT "😀", "a""b", "select", "mixed", "with space", "rowid"
        FROM "Odd ""${mode}"" 😀" ORDER BY 4`);
      assertEquals(found, [["1", "2", "3", "4", "5", "6"], ["1", "2", "3", "7", "5", "6"]]);
    }
  }));
