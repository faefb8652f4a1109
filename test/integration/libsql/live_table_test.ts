import { assertEquals, assertRejects } from "@std/assert";
import { LoadError } from "../../../src/model/errors.ts";
import { Scratch } from "./load_case.ts";

Deno.test("a table is described with types, nullability, defaults and generated columns", async () => {
  await using scratch = new Scratch();
  await scratch.exec(
    `CREATE TABLE "odd ""table" (
       id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, flag BOOLEAN DEFAULT 0, amount DECIMAL(10, 2),
       ratio DOUBLE, raw BLOB, doc JSON, guid UUID, day DATE, at DATETIME, loose,
       exact DECIMAL TEXT, doc_text JSON TEXT, stamp TIMESTAMPTZ TEXT,
       big BIGINT, twice INTEGER AS (big * 2), stored TEXT AS (name) STORED)`,
  );
  const connection = await scratch.connect();
  const table = await connection.describeTable({ name: `odd "table` });
  const described = table!.columns.map((
    c,
  ) => [c.name, c.type, c.nullable, c.hasDefault, c.generated]);
  assertEquals(described, [
    ["id", "int64", false, true, false],
    ["name", "text", false, false, false],
    ["flag", "boolean", true, true, false],
    ["amount", "decimal", true, false, false],
    ["ratio", "float64", true, false, false],
    ["raw", "bytes", true, false, false],
    ["doc", "json", true, false, false],
    ["guid", "uuid", true, false, false],
    ["day", "text", true, false, false],
    ["at", "text", true, false, false],
    ["loose", "other", true, false, false],
    ["exact", "decimal", true, false, false],
    ["doc_text", "json", true, false, false],
    ["stamp", "timestamptz", true, false, false],
    ["big", "int64", true, false, false],
    ["twice", "int64", true, false, true],
    ["stored", "text", true, false, true],
  ]);
  assertEquals(table!.uniqueKeys, [["id"]]);
});

Deno.test("unique keys are those that an upsert can name", async () => {
  await using scratch = new Scratch();
  await scratch.exec(
    "CREATE TABLE t (a TEXT, b INTEGER, c TEXT UNIQUE, d TEXT, PRIMARY KEY (b, a)) WITHOUT ROWID",
    "CREATE UNIQUE INDEX on_two ON t (d, a)",
    "CREATE UNIQUE INDEX on_part ON t (d) WHERE c IS NOT NULL",
    "CREATE UNIQUE INDEX on_expression ON t (lower(d), c)",
    "CREATE INDEX plain ON t (d)",
    "CREATE TABLE no_key (a INTEGER)",
  );
  const connection = await scratch.connect();
  const table = await connection.describeTable({ name: "T" });
  assertEquals(table!.uniqueKeys[0], ["b", "a"]);
  assertEquals(table!.uniqueKeys.map((k) => k.join(",")).sort(), ["b,a", "c", "d,a"]);
  assertEquals(table!.columns.map((c) => c.nullable), [false, false, true, true]);
  assertEquals((await connection.describeTable({ name: "no_key" }))!.uniqueKeys, []);
});

Deno.test("columns are bytewise whose texts stay what they are, and that no unique index collates", async () => {
  await using scratch = new Scratch();
  await scratch.exec(
    `CREATE TABLE t (a TEXT, b TEXT COLLATE NOCASE, c VARCHAR(9), d, e STRING, f DATE, g INTEGER,
       h TEXT COLLATE NOCASE, i TEXT, j POINTTEXT, PRIMARY KEY (a, b)) WITHOUT ROWID`,
    "CREATE UNIQUE INDEX u ON t (h COLLATE BINARY, c)",
    "CREATE UNIQUE INDEX v ON t (i COLLATE RTRIM)",
    "CREATE INDEX w ON t (a COLLATE NOCASE)",
  );
  const connection = await scratch.connect();
  const { columns } = (await connection.describeTable({ name: "t" }))!;
  assertEquals(columns.filter((c) => c.bytewise).map(({ name }) => name), ["a", "c", "h"]);
});

Deno.test("a missing table is undefined, and a view is refused", async () => {
  await using scratch = new Scratch();
  await scratch.exec("CREATE VIEW v AS SELECT 1 AS a");
  const connection = await scratch.connect();
  assertEquals(await connection.describeTable({ name: "missing" }), undefined);
  assertEquals(await connection.describeTable({ name: "x', 'y" }), undefined);
  const error = await assertRejects(() => connection.describeTable({ name: "v" }), LoadError);
  assertEquals(error.code, "name_refused");
  assertEquals(error.message.endsWith(" is a view, which takes no rows: name a table"), true);
});
