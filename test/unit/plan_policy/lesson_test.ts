/** What refusals teach: marks, a statement that would fit, the nearest recipe whole. */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { Plan } from "../../../src/plugin_api/plan.ts";
import type { Shape, WriteMode } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { markedLines } from "../../../src/plan_policy/marked_text.ts";
import { checkPlan, checkSessionStatements } from "../../../src/plan_policy/plan_policy.ts";
import { POSTGRES_RECIPES } from "../../../host/drivers/postgres/recipes.ts";

const RULES = { plugin: "p", dialect: POSTGRES_RECIPES };
const STAGING = "CREATE TEMP TABLE {staging} ON COMMIT DELETE ROWS AS " +
  "SELECT {columns}, CAST(0 AS bigint) AS {ordinal} FROM {table} WITH NO DATA";
const UPSERT: Plan = {
  create: [],
  prepare: [],
  stage: [STAGING],
  merge: [
    "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} " +
    "ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}",
  ],
  finish: [],
  batch: { rowsMax: 10, bytesMax: 100 },
  write: {
    sql: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
    row: "({values}, {ordinal})",
    rowsMax: 5,
  },
};

function refusal(change: Partial<Plan>, mode: WriteMode = "upsert"): string {
  const shape: Shape = {
    table: { name: "t" },
    columns: [
      { name: "a", type: "int64", nullable: false, key: true },
      { name: "b", type: "text", nullable: true, key: false },
    ],
    mode,
  };
  checkPlan(UPSERT, { ...shape, mode: "upsert" }, RULES);
  const error: LoadError = assertThrows(
    () => checkPlan({ ...UPSERT, ...change }, shape, RULES),
    LoadError,
  );
  assertEquals([error.code, error.blame], ["plan_refused", "plugin"]);
  return error.message;
}

Deno.test("refusal of a plan shows the statement, how it would fit, and the nearest recipe whole", () => {
  const message = refusal({ stage: [STAGING.replace(" ON COMMIT DELETE ROWS", "")] });
  assertEquals(
    message,
    `The plan of plugin p is refused at stage[0]: AS stands where ON belongs
  It has:
    CREATE TEMP TABLE {staging} AS SELECT {columns}, CAST(0 AS bigint) AS
                                ^
    {ordinal} FROM {table} WITH NO DATA
  It would fit as:
    CREATE TEMP TABLE {staging} ON COMMIT DELETE ROWS AS SELECT {columns},
    CAST(0 AS bigint) AS {ordinal} FROM {table} WITH NO DATA
  The nearest of 3 recipes for mode upsert:
    stage[0], may be left out:
      DROP TABLE IF EXISTS {staging}
    stage[1]:
      CREATE <TEMP | TEMPORARY> TABLE {staging} ON COMMIT <DELETE ROWS> AS
                                                ^^ ^^^^^^  ^^^^^^ ^^^^
      SELECT {columns} [, CAST ( 0 AS BIGINT ) AS {ordinal}] FROM {table} WITH
      NO DATA
    insert.sql:
      INSERT INTO {staging} ( {columns} , {ordinal} ) VALUES {rows}
    merge[0]:
      INSERT INTO {table} ( {columns} ) [OVERRIDING SYSTEM VALUE] SELECT
      DISTINCT ON ( {keys} ) {columns} FROM {staging} ORDER BY {keys} ,
      {ordinal} DESC ON CONFLICT ( {keys} ) DO UPDATE SET plain( {col} =
      EXCLUDED . {col} )
    finish[0], may be left out:
      ANALYZE {table}
  [ ] may be left out, < | > is one of them, # a number, each( ) stands
  once for each column, plain( ) for each beside the key.
  See "Recipes" in plugins/README.md.`,
  );
});

Deno.test("refusal of a plan marks every word that does not fit at once", () => {
  const message = refusal({ stage: [STAGING.replace("TEMP", "TMP").replace("DELETE", "DELTE")] });
  assertStringIncludes(message, "TMP stands where TEMP or TEMPORARY belongs, did you mean TEMP?");
  assertStringIncludes(
    message,
    `
    CREATE TMP TABLE {staging} ON COMMIT DELTE ROWS AS SELECT {columns},
           ^^^                           ^^^^^
`,
  );
  assertStringIncludes(
    message,
    "\n    CREATE TEMP TABLE {staging} ON COMMIT DELETE ROWS AS SELECT",
  );
});

Deno.test("refusal of a plan is by the recipe that the plan follows best, not by the first", () => {
  const insert = "INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT ({keys}) DO NOTHING";
  const message = refusal({
    stage: [],
    merge: [],
    write: { ...UPSERT.write, sql: insert, row: "({values})" },
  });
  assertStringIncludes(message, "at insert.sql: NOTHING stands where UPDATE belongs: rows");
  assertStringIncludes(message, "\n    UPDATE SET {col:1} = EXCLUDED.{col:1}\n");
  // As soon as most of it is staging, it is that.
  const staged = refusal({ write: { ...UPSERT.write, sql: insert, row: "({values})" } });
  assertStringIncludes(staged, "at insert.sql: {table} stands where {staging} belongs");
  // Of an optional statement before it, the one that was meant.
  const dropped = refusal({ stage: ["DROP TABLE {staging}", STAGING] });
  assertStringIncludes(dropped, "at stage[0]: {staging} stands where IF belongs");
});

Deno.test("refusal of a plan that lacks a statement has it to add, and one that has more marks it whole", () => {
  assertStringIncludes(
    refusal({ merge: [] }),
    `at merge[0]: a statement is missing: one that begins with INSERT
  Add it:
    INSERT INTO {table} ( {columns} ) SELECT DISTINCT ON ( {keys} ) {columns}
`.replaceAll("( {", "({").replaceAll("} )", "})"),
  );
  assertStringIncludes(
    refusal({ finish: ["DELETE FROM {table}"] }),
    `It has:
    DELETE FROM {table}
    ^^^^^^^^^^^^^^^^^^^
  Leave it out: the recipe has no place for it.
`,
  );
});

Deno.test("refusal of a type shows what the names in the recipe stand for, and the one that was meant", () => {
  const create = "CREATE TABLE {table} ({col:0} bigint NOT NULL, {col:1} varchr)";
  const message = refusal({ create: [create] });
  assertStringIncludes(
    message,
    "VARCHR stands where one of 27 others belongs, did you mean VARCHAR?",
  );
  assertStringIncludes(message, "%definition is:\n    {col} %type [[NOT] NULL]\n  %type is:\n");
  assertStringIncludes(message, "bigint NOT NULL, {col:1} VARCHAR)");
});

Deno.test("refusal of a slot or a sign marks it, and says which was meant", () => {
  const slot = refusal({ prepare: ["DROP TABLE {tabel}"] });
  assertStringIncludes(slot, "an unknown slot {tabel}, did you mean {table}?");
  assertStringIncludes(slot, "\n    DROP TABLE {tabel}\n               ^^^^^^^\n");
  assertStringIncludes(slot, 'See "Slots" in plugins/README.md.');
  assertStringIncludes(refusal({ prepare: ["x {clo:1}"] }), "did you mean {col:1}?");
  assertStringIncludes(refusal({ prepare: ["x {col:2}"] }), "column 2 of 2, which count from 0");
  assertStringIncludes(refusal({ prepare: ["x 'y'"] }), "\n    x 'y'\n      ^ ^\n");
  assertStringIncludes(
    refusal({ prepare: ["x {rows}"] }),
    "has no meaning there: it stands in the statement of sql_insert",
  );
});

Deno.test("refusal of a session's statement shows all that may stand there", () => {
  const error: LoadError = assertThrows(
    () => checkSessionStatements(["SET work_men TO 5"], "session", RULES),
    LoadError,
  );
  assertStringIncludes(
    error.message,
    "session[0]: WORK_MEN stands where SYNCHRONOUS_COMMIT or WORK_MEM or " +
      "MAINTENANCE_WORK_MEM or JIT belongs, did you mean WORK_MEM?",
  );
  for (const [pattern] of POSTGRES_RECIPES.session.map((text) => text.split(" <TO"))) {
    assertStringIncludes(error.message, pattern!);
  }
  const teardown: LoadError = assertThrows(
    () => checkSessionStatements(["SELECT 1"], "teardown", RULES),
    LoadError,
  );
  assertStringIncludes(teardown.message, "What may stand in phase teardown: nothing.");
});

Deno.test("refusal of a statement of any length is short, and soon made", () => {
  const columns = Array.from({ length: 1_600 }, (_, i) => ({
    ...{ name: `c${i}`, type: "text" as const, nullable: true, key: i === 0 },
  }));
  const create = `CREATE TABLE {table} (${columns.map((_, i) => `{col:${i}} txt`).join(", ")})`;
  const shape: Shape = { table: { name: "t" }, columns, mode: "upsert" };
  const error: LoadError = assertThrows(
    () => checkPlan({ ...UPSERT, create: [create] }, shape, RULES),
    LoadError,
  );
  assertStringIncludes(error.message, "TXT stands where");
  assertEquals(error.message.split("\n").length < 40, true, error.message);
});

Deno.test("marked text keeps the lines with marks and those around them", () => {
  const words = Array.from({ length: 200 }, (_, i) => `word${i}`);
  const text = words.join(" ");
  const from = text.indexOf("word100");
  const lines = markedLines(text, [{ from, to: from + 7 }]);
  assertEquals(lines.length, 8);
  assertEquals([lines.at(0), lines.at(-1)], ["…", "…"]);
  const [line, carets] = lines.slice(3, 5);
  assertEquals(line!.slice(carets!.indexOf("^"), carets!.length), "word100");
  assertEquals(markedLines("", [{ from: 0, to: 0 }]), ["", "^"]);
  assertEquals(markedLines("a b", [{ from: 3, to: 3 }]), ["a b", "   ^"]);
  assertEquals(markedLines("x".repeat(100), []).map((line) => line.length), [72, 28]);
});
