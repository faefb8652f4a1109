import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { Plan } from "../../../src/plugin_api/plan.ts";
import type { Shape } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { DialectRecipes } from "../../../src/plan_policy/recipes.ts";
import { checkPlan, checkSessionStatements } from "../../../src/plan_policy/plan_policy.ts";

const SHAPE: Shape = {
  table: { name: "t" },
  columns: [
    { name: "a", type: "int64", nullable: false, key: true },
    { name: "b", type: "text", nullable: true, key: false },
  ],
  mode: "append",
};
const PLAN: Plan = {
  create: ["CREATE TABLE IF NOT EXISTS {table} ({col:0} bigint NOT NULL, {col:1} text)"],
  prepare: [],
  stage: [],
  merge: [],
  finish: [],
  batch: { rowsMax: 10, bytesMax: 100 },
  write: {
    sql: "INSERT INTO {table} ({columns}) VALUES {rows}",
    row: "({values})",
    rowsMax: 5,
  },
};

/** A dialect as small as it can be. */
const DIALECT: DialectRecipes = {
  named: { type: "<BIGINT | TEXT>", definition: "{col} %type [NOT NULL]" },
  session: ["PRAGMA SYNCHRONOUS = <NORMAL | FULL>"],
  teardown: [],
  health: ["SELECT #"],
  create: ["?CREATE TABLE IF NOT EXISTS {table} ( each( %definition ) )"],
  row: "( {values} [, {ordinal}] )",
  recipes: {
    append: [
      { write: "INSERT INTO {table} ( {columns} ) VALUES {rows}" },
      { write: "INSERT INTO {staging} ( {columns} [, {ordinal}] ) VALUES {rows}" },
    ],
    upsert: [],
    replace: [],
  },
  words: {
    refusedTypes: [["SERIAL*", "it makes a sequence"]],
    optionsAhead: ["UNLOGGED"],
    optionsBehind: true,
    settings: { wait: "#10-100", mode: "<FAST | SLOW>" },
    set: ["SET [SESSION]", "<TO | =>"],
  },
};
const RULES = { plugin: "p", dialect: DIALECT };

function refused(change: object): LoadError {
  const error: LoadError = assertThrows(
    () => checkPlan({ ...PLAN, ...change }, SHAPE, RULES),
    LoadError,
  );
  assertEquals(error.code, "plan_refused");
  return error;
}

Deno.test("plan policy lets an honest plan through unchanged", () => {
  assertEquals(checkPlan(PLAN, SHAPE, RULES), PLAN);
});

Deno.test("plan policy refuses what is no plan, with every failing path", () => {
  const error = refused({ extra: 1, batch: { rowsMax: 0, bytesMax: 1.5 }, prepare: [1] });
  assertEquals(error.issues.map((i) => i.path).sort(), [
    "batch.bytesMax",
    "batch.rowsMax",
    "extra",
    "prepare.0",
  ]);
  refused({ prepare: ["x".repeat(LIMITS.statementBytesMax + 1)] });
  refused({ prepare: Array(LIMITS.statementsPerPhaseMax + 1).fill("SELECT 1") });
  refused({ write: { ...PLAN.write, kind: "copy" } });
  refused({ write: { kind: "copy", sql: "COPY {table}", format: "text", ordinal: false } });
});

Deno.test("plan policy reads no more than a plan may have, whatever stands in it", () => {
  const brackets = "(".repeat(LIMITS.statementBytesMax);
  const error = refused({ prepare: Array(5).fill(brackets) });
  assertStringIncludes(error.message, `at most ${LIMITS.planBytesMax} bytes`);
});

Deno.test("plan policy lets statements be indented, and refuses those of blanks", () => {
  const write = (row: string) => ({ ...PLAN.write, row });
  checkPlan({ ...PLAN, write: write(`(\n${" ".repeat(70)}{values}\n  )`) }, SHAPE, RULES);
  for (const row of [`(${" ".repeat(90)}{values})`, `({values}${"\n ".repeat(45)})`]) {
    assertStringIncludes(refused({ write: write(row) }).message, "more than 80 blanks");
  }
});

for (
  const sql of [
    "DROP TABLE x; DROP TABLE y",
    "SELECT 'a'",
    'DROP TABLE "other"',
    "SELECT 1 -- hm",
    "SELECT 1 /* hm */",
    "SELECT $1",
    "SELECT $$a$$",
    "SELECT `a`",
    "SELECT [a]",
    "SELECT a::int",
    "SELECT E\\a",
    "SELECT ü",
    "SELECT {nope}",
    "SELECT {col:2}",
    "SELECT {rows}",
    "SELECT {values}",
    "SELECT a\tb",
  ]
) {
  Deno.test(`plan policy refuses ${JSON.stringify(sql)} and says where`, () => {
    assertStringIncludes(refused({ finish: ["SELECT 1", sql] }).message, "finish[1]");
  });
}

Deno.test("plan policy wants {rows} once in an insert, and values only in its row", () => {
  refused({ write: { ...PLAN.write, sql: "INSERT INTO {table} VALUES (1)" } });
  refused({ write: { ...PLAN.write, sql: "INSERT INTO {table} VALUES {rows} {rows}" } });
  refused({ write: { ...PLAN.write, row: "({table})" } });
});

Deno.test("plan policy wants {ordinal} in the insert where the row has it, and only there", () => {
  const staged = (columns: string, row: string) => ({
    write: { ...PLAN.write, sql: `INSERT INTO {staging} (${columns}) VALUES {rows}`, row },
  });
  for (
    const [columns, row] of [
      ["{columns}", "({values})"],
      ["{columns}, {ordinal}", "({values}, {ordinal})"],
    ] as const
  ) {
    const change = staged(columns, row);
    assertEquals(checkPlan({ ...PLAN, ...change }, SHAPE, RULES), { ...PLAN, ...change });
  }
  for (
    const [columns, row] of [
      ["{columns}", "({values}, {ordinal})"],
      ["{columns}, {ordinal}", "({values})"],
      ["{columns}, {ordinal}, {ordinal}", "({values}, {ordinal})"],
      ["{columns}, {ordinal}, {ordinal}", "({values}, {ordinal}, {ordinal})"],
      ["{columns}, {ordinal}", "({values}, {ordinal}, {ordinal})"],
    ] as const
  ) {
    assertStringIncludes(refused(staged(columns, row)).message, "{ordinal} once");
  }
});

Deno.test("plan policy knows no slot for the format of a COPY any more", () => {
  refused({ finish: ["SELECT {format}"] });
  refused({ write: { ...PLAN.write, row: "({format})" } });
});

Deno.test("plan policy refuses {keys} where no column is a key", () => {
  const key = {
    named: {},
    create: ["CREATE TABLE {table} ( each( {col} TEXT ) , PRIMARY KEY ( {keys} ) )"],
  };
  const rules = { plugin: "p", dialect: { ...DIALECT, ...key } };
  const create = ["CREATE TABLE {table} ({col:0} text, {col:1} text, PRIMARY KEY ({keys}))"];
  const plan = { ...PLAN, create };
  assertEquals(checkPlan(plan, SHAPE, rules), plan);
  const keyless = { ...SHAPE, columns: SHAPE.columns.map((column) => ({ ...column, key: false })) };
  const error = assertThrows(() => checkPlan(plan, keyless, rules), LoadError);
  assertStringIncludes(error.message, "create[0]: the slot {keys} has no meaning there");
});

Deno.test("session statements carry no slot and one statement each", () => {
  assertEquals(checkSessionStatements(["PRAGMA synchronous = normal"], "session", RULES), [
    "PRAGMA synchronous = normal",
  ]);
  for (const sql of ["SELECT {table}", "SELECT 1; SELECT 2", "ATTACH 'x' AS y"]) {
    assertThrows(() => checkSessionStatements([sql], "session", RULES), LoadError);
  }
});

Deno.test("plan policy refuses numbers of rows that go out twice, or on one side alone", () => {
  const why = "it must carry {ordinal} once where the row has it once";
  const once = "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}";
  const twice = "INSERT INTO {staging} ({columns}, {ordinal}, {ordinal}) VALUES {rows}";
  for (
    const [sql, row] of [
      [twice, "({values}, {ordinal}, {ordinal})"],
      [twice, "({values}, {ordinal})"],
      [once, "({values})"],
    ]
  ) {
    assertEquals(refused({ write: { sql, row, rowsMax: 5 } }).issues, [
      { path: "insert.sql", message: why },
    ]);
  }
});
