/** In which format rows are sent: by the types of the table that they go to. */
import { assertEquals, assertObjectMatch, assertRejects } from "@std/assert";
import type { Plan, PlannedFormat } from "../../../src/abi/plan.ts";
import type { Column, WriteMode } from "../../../src/batch.ts";
import { LoadError } from "../../../src/errors.ts";
import { readTarget } from "../../../host/drivers/postgres/config.ts";
import { POSTGRES_WORDS } from "../../../host/drivers/postgres/dialect.ts";
import { Session } from "../../../host/drivers/postgres/session.ts";
import { slotNames } from "../../../host/drivers/sql/names.ts";
import { type CopyForm, copyForm } from "../../../host/drivers/postgres/wire_type.ts";
import { withDatabase } from "../../support/postgres_database.ts";
import { column, config, connected, copyPlan, load, ofKind, order, shape } from "./fixture.ts";

/** Runs what makes the tables, and asks for the form of rows of these columns. */
async function formOf(
  statements: readonly string[],
  columns: readonly Column[],
  { into = "{table}", format = "any" as PlannedFormat, ordinal = false } = {},
): Promise<CopyForm> {
  let form: CopyForm | undefined;
  await withDatabase(async (url) => {
    const session = await Session.open(readTarget(config({ url })));
    try {
      for (const statement of statements) await session.query(statement);
      const s = shape("append", columns);
      const sql = `COPY ${into} ({columns}) FROM STDIN WITH (FORMAT {format})`;
      const names = slotNames(POSTGRES_WORDS, s, { schema: "public", loadId: "" });
      form = await copyForm(session, { kind: "copy", sql, format, ordinal }, { shape: s, names });
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

Deno.test("rows go as text where the plan wants text, and nobody asks for the table", async () => {
  assertEquals(await formOf([], [column("id", "int64")], { format: "text" }), { format: "text" });
});

Deno.test("the types are those of the table that the COPY names, the ordinal's included", async () => {
  const target = "CREATE TABLE nodes (id uuid)";
  const columns = [column("id", "uuid")];
  for (const [number, format] of [["int8", "binary"], ["int4", "text"]] as const) {
    const staging = "CREATE TEMP TABLE _snakepipe_staging AS SELECT id, " +
      `0::${number} AS _snakepipe_ordinal FROM nodes`;
    const form = await formOf([target, staging], columns, { into: "{staging}", ordinal: true });
    assertEquals(form.format, format);
  }
  const other = "CREATE TEMP TABLE _snakepipe_staging AS SELECT id::text FROM nodes";
  assertEquals(await formOf([target, other], columns, { into: "{staging}" }), { format: "text" });
});

/** The plan of the fixture with the format left open. */
function planOf(mode: WriteMode, ddl: string, format: PlannedFormat): Plan {
  const plan = copyPlan(mode, ddl);
  if (plan.write.kind !== "copy") throw new Error("Expected a copy");
  const sql = `${plan.write.sql} WITH (FORMAT {format})`;
  return { ...plan, write: { ...plan.write, sql, format } };
}

for (const mode of ["append", "upsert", "replace"] as const) {
  for (const format of ["any", "binary", "text"] as const) {
    Deno.test(`a load by ${mode} whose plan says ${format} has every row and no other`, () =>
      withDatabase((url, sql) =>
        connected({ url }, async (connection) => {
          const columns = [column("id!", "int64"), column("name?", "text"), column("at?", "date")];
          const ddl = "id bigint PRIMARY KEY, name text, at date";
          const o = order(shape(mode, columns), planOf(mode, ddl, format));
          const records = Array.from({ length: 1000 }, (_, id) => ({
            id: id % 900,
            name: id % 7 === 0 ? null : `tab\t${id}`,
            at: "2024-02-29",
          }));
          const rows = mode === "upsert" ? records : records.slice(0, 900);
          const results = await load(connection, o, [rows.slice(0, 400), rows.slice(400)]);
          assertEquals(results.map(({ kind }) => kind), ["written", "written"]);
          const stored = await sql`SELECT id::int, name, at::text FROM nodes ORDER BY id`;
          const expected = new Map(rows.map((row) => [row.id, row]));
          assertEquals([...stored.map((row) => ({ ...row }))], [...expected.values()]);
        })
      ));
  }
}

Deno.test("the server is sent the format that the driver has found", () =>
  withDatabase((url, sql) =>
    connected({ url }, async (connection) => {
      await sql.unsafe(
        "CREATE TABLE seen (statement text); CREATE TABLE nodes (id int8, v date); " +
          "CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS " +
          "$$ BEGIN INSERT INTO seen VALUES (current_query()); RETURN NULL; END $$; " +
          "CREATE TRIGGER see BEFORE INSERT ON nodes FOR EACH STATEMENT EXECUTE FUNCTION see()",
      ).simple();
      const columns = [column("id", "int64"), column("v", "date")];
      for (const format of ["any", "binary", "text"] as const) {
        const o = order(shape("append", columns), planOf("append", "id int8", format), format);
        assertEquals(
          (await load(connection, o, [[{ id: 1, v: "2024-02-29" }]]))[0]!.kind,
          "written",
        );
      }
      const seen = await sql`SELECT substring(statement FROM 'FORMAT (.*)[)]') AS f FROM seen`;
      assertEquals(seen.map((row) => row.f), ["binary", "binary", "text"]);
    })
  ));

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
      connected({ url }, async (connection) => {
        await sql.unsafe(
          "CREATE TYPE mood AS ENUM ('good', 'bad'); " +
            "CREATE DOMAIN small AS int2 CHECK (value > 0)",
        ).simple();
        const [logical, good] = GOOD[/^[a-z0-9]+/.exec(type)![0]]!;
        const columns = [column("id", "int64"), column("v", logical)];
        const ddl = `id bigint, v ${type}`;
        const o = order(shape("append", columns), planOf("append", ddl, "binary"));
        const first = `{"id":1,"v":${good}}`;
        const [result] = await load(connection, o, [[first, `{"id":2,"v":${bad}}`]]);
        const { rows } = ofKind(result, "reject");
        assertEquals(rows.length, 1);
        assertObjectMatch(rows[0]!, { ordinal: 1, line: 2, ...expected });
        assertEquals((await sql`SELECT * FROM nodes`).length, 0);
      })
    ));
}
