/** In which format rows are sent: by the types of the table that they go to. */
import { assertEquals, assertObjectMatch, assertRejects, assertStringIncludes } from "@std/assert";
import type { Column } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { Bulk } from "../../../host/drivers/postgres/bulk.ts";
import { readTarget } from "../../../host/drivers/postgres/config.ts";
import { POSTGRES_WORDS } from "../../../host/drivers/postgres/names_and_types.ts";
import { Session } from "../../../host/drivers/postgres/session.ts";
import { slotNames } from "../../../host/drivers/sql/names.ts";
import { type CopyForm, copyForm } from "../../../host/drivers/postgres/wire_type.ts";
import { withDatabase } from "../../support/postgres_database.ts";
import { column, config, connected, load, ofKind, order, planOf, shape } from "./fixture.ts";

/** Runs what makes the tables, and asks for the form of rows of these columns. */
async function formOf(
  statements: readonly string[],
  columns: readonly Column[],
  { into = "table" as "table" | "staging", format = "auto" as Bulk["format"], ordinal = false } =
    {},
): Promise<CopyForm> {
  let form: CopyForm | undefined;
  await withDatabase(async (url) => {
    const session = await Session.open(readTarget(config({ url })));
    try {
      for (const statement of statements) await session.query(statement);
      const s = shape("append", columns);
      const names = slotNames(POSTGRES_WORDS, s, { schema: "public", loadId: "" });
      form = await copyForm(session, { shape: s, target: names[into], ordinal, format });
    } finally {
      await session.close();
    }
  });
  return form!;
}

Deno.test("rows go in binary where each column's type has a form for them", async () => {
  const statements = [
    "CREATE DOMAIN small AS int2 CHECK (value > 0)",
    "CREATE DOMAIN smaller AS small",
    "CREATE TYPE mood AS ENUM ('good', 'bad')",
    "CREATE TABLE nodes (a smaller, b varchar(9), c char(3), d mood, e json, f jsonb, gone int, " +
    "g numeric(9, 2), h timestamptz(3))",
    "ALTER TABLE nodes DROP COLUMN gone",
  ];
  const columns = [
    ...[column("h?", "timestamptz"), column("a", "int16"), column("b", "text")],
    ...[column("c", "text"), column("d", "other"), column("e", "json"), column("f", "json")],
    column("g", "decimal"),
  ];
  assertEquals(await formOf(statements, columns), {
    format: "binary",
    types: ["timestamptz", "int2", "text", "text", "text", "json", "jsonb", "numeric"],
  });
});

const WITHOUT: readonly (readonly [string, readonly string[], Column])[] = [
  ["an interval", ["CREATE TABLE nodes (v interval)"], column("v", "other")],
  ["an array", ["CREATE TABLE nodes (v int[])"], column("v", "other")],
  ["a name, which cuts texts", ["CREATE TABLE nodes (v name)"], column("v", "other")],
  ["a wider type than was planned for", ["CREATE TABLE nodes (v int8)"], column("v", "int32")],
  ["a time with an offset", ["CREATE TABLE nodes (v timetz)"], column("v", "other")],
  [
    "a type that is called like one of the server's",
    ['CREATE TYPE public."float8" AS (a int)', "CREATE TABLE nodes (v public.float8)"],
    column("v", "float64"),
  ],
];
for (const [what, statements, one] of WITHOUT) {
  Deno.test(`rows go as text where a column is ${what}`, async () => {
    const columns = [column("id", "int32"), one];
    const all = [...statements, "ALTER TABLE nodes ADD COLUMN id int4"];
    assertEquals(await formOf(all, columns), { format: "text" });
    const error: LoadError = await assertRejects(
      () => formOf(all, columns, { format: "binary" }),
      LoadError,
      "Column v of nodes has no binary form",
    );
    assertObjectMatch(error, { code: "type_unsupported", blame: "config" });
  });
}

Deno.test("rows go in binary of themselves only where the server reads most of them faster so", async () => {
  const made = "CREATE TABLE nodes (id int8, kind text, size int4, at timestamptz, ratio float8, " +
    "price numeric, ok bool)";
  const [id, kind, size] = [column("id", "int64"), column("kind", "text"), column("size", "int32")];
  const [at, ratio] = [column("at", "timestamptz"), column("ratio", "float64")];
  const [price, ok] = [column("price", "decimal"), column("ok", "boolean")];
  const formats = async (...columns: Column[]) => (await formOf([made], columns)).format;
  assertEquals(await formats(id, size, price), "text");
  assertEquals(await formats(id, kind, size, price), "text");
  assertEquals(await formats(ok), "text");
  assertEquals(await formats(id, kind), "binary");
  assertEquals(await formats(id, size, price, at), "binary");
  assertEquals(await formats(id, size, ratio, ok), "binary");
});

Deno.test("rows go as text where the settings want text, and nobody asks for the table", async () => {
  assertEquals(await formOf([], [column("id", "int64")], { format: "text" }), { format: "text" });
});

Deno.test("the types are those of the table that the COPY names, the ordinal's included", async () => {
  const target = "CREATE TABLE nodes (id uuid)";
  const columns = [column("id", "uuid")];
  for (const [number, format] of [["int8", "binary"], ["int4", "text"]] as const) {
    const staging = "CREATE TEMP TABLE _snakepipe_staging AS SELECT id, " +
      `0::${number} AS _snakepipe_ordinal FROM nodes`;
    const form = await formOf([target, staging], columns, { into: "staging", ordinal: true });
    assertEquals(form.format, format);
  }
  const other = "CREATE TEMP TABLE _snakepipe_staging AS SELECT id::text FROM nodes";
  assertEquals(await formOf([target, other], columns, { into: "staging" }), { format: "text" });
});

const WAYS: readonly (readonly [string, Record<string, string>])[] = [
  ["COPY", {}],
  ["COPY binary", { copyFormat: "binary" }],
  ["COPY text", { bulk: "copy", copyFormat: "text" }],
  ["INSERT", { bulk: "insert" }],
];
/** What a table's statement trigger writes down. */
const SEE = `CREATE TABLE seen (statement text); CREATE FUNCTION see() RETURNS trigger
LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen VALUES (current_query()); RETURN NULL; END $$;
CREATE TRIGGER see BEFORE INSERT ON nodes FOR EACH STATEMENT EXECUTE FUNCTION see()`;

Deno.test("the server is sent what the settings and the table's types ask for", () =>
  withDatabase(async (url, sql) => {
    await sql.unsafe(`CREATE TABLE nodes (id int8, v date); ${SEE}`).simple();
    const columns = [column("id", "int64"), column("v", "date")];
    const o = order(shape("append", columns), planOf("append", "id int8, v date"));
    for (const [how, settings] of WAYS) {
      await connected({ url, ...settings }, async (connection) => {
        const [result] = await load(connection, { ...o, source: how }, [[{
          id: 1,
          v: "2024-02-29",
        }]]);
        assertEquals(result!.kind, "written");
      });
    }
    const copy = (format: string) =>
      `COPY "public"."nodes" ("id", "v") FROM STDIN WITH (FORMAT ${format})`;
    assertEquals((await sql`SELECT statement FROM seen`).map((row) => row.statement), [
      copy("binary"),
      copy("binary"),
      copy("text"),
      'INSERT INTO "public"."nodes" ("id", "v") OVERRIDING SYSTEM VALUE VALUES ($1, $2)',
    ]);
  }));

Deno.test("an insert that does more than to insert is sent as it is, and COPY is not to be had for it", () =>
  withDatabase(async (url, sql) => {
    await sql.unsafe(`CREATE TABLE nodes (id int8 PRIMARY KEY, name text); ${SEE}`).simple();
    const plan = planOf("append", "id int8");
    const upsert = " ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}";
    for (
      const write of [
        { ...plan.write, sql: plan.write.sql + upsert },
        { ...plan.write, row: "({value:0}, CAST({value:1} AS varchar(1)))" },
      ]
    ) {
      const o = { ...order(shape("append"), { ...plan, write }), fresh: true };
      await connected(
        { url },
        (connection) =>
          load(connection, o, [[{ id: write.sql.length, name: "a" }]]).then(([result]) =>
            assertEquals(result!.kind, "written")
          ),
      );
      await connected({ url, bulk: "copy" }, async (connection) => {
        const error = await assertRejects(() => connection.prepareLoad(o), LoadError);
        assertObjectMatch(error, { code: "config_invalid", blame: "config" });
        assertStringIncludes(
          error.message,
          "no COPY can carry its rows: set bulk to auto or insert",
        );
      });
    }
    assertEquals((await sql`SELECT left(statement, 6) AS verb FROM seen`).map((row) => row.verb), [
      "INSERT",
      "INSERT",
    ]);
  }));

const FAULTS: readonly (readonly [string, string, string, object])[] = [
  ["text that is too long", "varchar(3)", '"secret"', { code: "data", column: "v" }],
  ["a number that is too large", "numeric(3, 1)", "100.5", { code: "data", column: "v" }],
  ["a word that is not in the enum", "mood", '"secret"', { code: "data", column: "v" }],
  ["a value that a check refuses", "int4 CHECK (v <> 7)", "7", { code: "integrity" }],
  ["a value that its domain refuses", "small", "-1", { code: "integrity" }],
  ["a key that is there already", "text UNIQUE", '"good"', { code: "integrity" }],
];
const GOOD: Readonly<Record<string, readonly [Column["type"], string]>> = {
  varchar: ["text", '"a"'],
  numeric: ["decimal", "1.50"],
  mood: ["other", '"good"'],
  int4: ["int32", "1"],
  small: ["int16", "1"],
  text: ["text", '"good"'],
};
for (const [what, type, bad, expected] of FAULTS) {
  Deno.test(`binary row with ${what} is named by the place that the server gives`, () =>
    withDatabase((url, sql) =>
      connected({ url, copyFormat: "binary" }, async (connection) => {
        await sql.unsafe(
          "CREATE TYPE mood AS ENUM ('good', 'bad'); " +
            "CREATE DOMAIN small AS int2 CHECK (value > 0)",
        ).simple();
        const [logical, good] = GOOD[/^[a-z0-9]+/.exec(type)![0]]!;
        const columns = [column("id", "int64"), column("v", logical)];
        const ddl = `id bigint, v ${type}`;
        const o = order(shape("append", columns), planOf("append", ddl));
        const first = `{"id":1,"v":${good}}`;
        const [result] = await load(connection, o, [[first, `{"id":2,"v":${bad}}`]]);
        const { rows } = ofKind(result, "reject");
        assertEquals(rows.length, 1);
        assertObjectMatch(rows[0]!, { ordinal: 1, line: 2, ...expected });
        assertEquals((await sql`SELECT * FROM nodes`).length, 0);
      })
    ));
}
