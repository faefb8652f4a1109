/** Words that a manifest asks for: what they add to recipes, and what is said while they are not granted. */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { Shape } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import {
  recipesWith,
  withoutOptions,
  withPlainTypes,
} from "../../../src/plan_policy/dialect_words.ts";
import { checkPlan, checkSessionStatements } from "../../../src/plan_policy/plan_policy.ts";
import { askedWords, type ManifestWords } from "../../../src/plugin_api/words.ts";
import { POSTGRES_RECIPES } from "../../../host/drivers/postgres/recipes.ts";

const SHAPE: Shape = {
  table: { name: "t" },
  columns: [
    { name: "id", type: "int64", nullable: false, key: true },
    { name: "a", type: "text", nullable: true, key: false },
  ],
  mode: "append",
};
const WORDS: ManifestWords = {
  types: ["vector(#16000)", "geometry(<point | polygon>, #999999)", "citext", "vector"],
  options: ["unlogged", "diststyle <all | even>", "sortkey ( {keys} )"],
  settings: ["statement_timeout = #1000-600000", "plan_cache_mode = <auto | force_custom_plan>"],
};

function planOf(create: string): object {
  return {
    ...{ create: [create], prepare: [], stage: [], merge: [], finish: [] },
    batch: { rowsMax: 1, bytesMax: 1 },
    write: { sql: "INSERT INTO {table} ({columns}) VALUES {rows}", row: "({values})", rowsMax: 1 },
  };
}

/** Why a table is not made; undefined where it is. */
function refusal(create: string, granted: ManifestWords | undefined): string | undefined {
  const dialect = recipesWith(POSTGRES_RECIPES, askedWords(granted));
  try {
    checkPlan(planOf(create), SHAPE, { plugin: "p", dialect });
    return undefined;
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return error.issues[0]!.message;
  }
}

const FITTING = [
  "CREATE TABLE {table} ({col:0} bigint, {col:1} vector(3))",
  "CREATE TABLE {table} ({col:0} bigint, {col:1} VECTOR)",
  "CREATE TABLE {table} ({col:0} citext NOT NULL, {col:1} geometry(Point, 4326) NULL)",
  "CREATE UNLOGGED TABLE IF NOT EXISTS {table} ({col:0} bigint, {col:1} text)",
  "CREATE TABLE {table} ({col:0} bigint, {col:1} text) WITH (fillfactor = 90) DISTSTYLE ALL SORTKEY ({keys})",
];
for (const sql of FITTING) {
  Deno.test(`words that are granted have room for ${sql}`, () => {
    assertEquals(refusal(sql, WORDS), undefined);
    assert(refusal(sql, undefined) !== undefined);
  });
}

const UNFIT: readonly (readonly [sql: string, says: string])[] = [
  ["CREATE TABLE {table} ({col:0} bigint, {col:1} vector(16001))", "16001 stands where"],
  ["CREATE TABLE {table} ({col:0} bigint, {col:1} geometry(line, 1))", "LINE stands where POINT"],
  ["CREATE TABLE {table} ({col:0} bigint, {col:1} geometry)", "stands where ( belongs"],
  ["CREATE TABLE {table} ({col:0} bigint, {col:1} citext(3))", "( 3 stands where"],
  ["CREATE TABLE {table} ({col:0} bigint, {col:1} hstore)", "HSTORE stands where"],
  [
    "CREATE TABLE {table} ({col:0} bigint, {col:1} text) DISTSTYLE key",
    "KEY stands where ALL or EVEN",
  ],
  [
    "CREATE TABLE {table} ({col:0} bigint, {col:1} text) INHERITS ({table})",
    "INHERITS stands where",
  ],
  ["CREATE TABLE {table} ({col:0} bigint, {col:1} text) UNLOGGED", "UNLOGGED stands where"],
  ["CREATE DISTSTYLE ALL TABLE {table} ({col:0} bigint, {col:1} text)", "DISTSTYLE stands where"],
];
for (const [sql, says] of UNFIT) {
  Deno.test(`words that are granted have none for ${sql}`, () => {
    assertStringIncludes(refusal(sql, WORDS) ?? "it is taken", says);
  });
}

Deno.test("settings that are granted may be set within their bounds, and no others", () => {
  const dialect = recipesWith(POSTGRES_RECIPES, askedWords(WORDS));
  const check = (sql: string) => () =>
    checkSessionStatements([sql], "session", { plugin: "p", dialect });
  for (
    const sql of [
      "SET statement_timeout = 1000",
      "SET SESSION statement_timeout TO 600000",
      "set plan_cache_mode to auto",
      "SET jit = off",
    ]
  ) check(sql)();
  for (
    const [sql, says] of [
      ["SET statement_timeout = 999", "999 stands where a number from 1000 to 600000 belongs"],
      ["SET statement_timeout = 0", "0 stands where a number from 1000"],
      ["SET LOCAL statement_timeout = 1000", "LOCAL stands where"],
      ["SET statement_timeout = DEFAULT", "DEFAULT stands where"],
      ["SET plan_cache_mode = force_generic_plan", "FORCE_GENERIC_PLAN stands where"],
      ["SET lock_timeout = 1000", "LOCK_TIMEOUT stands where"],
    ] as const
  ) assertThrows(check(sql), LoadError, says);
});

Deno.test("a plan that uses words which are not granted is refused with the command that grants them", () => {
  const asked = askedWords(WORDS);
  const rules = {
    plugin: "p",
    dialect: POSTGRES_RECIPES,
    ungranted: { words: asked, dialect: recipesWith(POSTGRES_RECIPES, asked), file: "x/p.wasm" },
  };
  const error: LoadError = assertThrows(
    () =>
      checkPlan(
        planOf("CREATE UNLOGGED TABLE {table} ({col:0} bigint, {col:1} vector(3))"),
        SHAPE,
        rules,
      ),
    LoadError,
    "refused at create[0]: it uses type vector, option unlogged, which its manifest asks for",
  );
  // What waits for the operator is no fault of the plugin.
  assertEquals([error.code, error.blame], ["plan_refused", "config"]);
  assertStringIncludes(error.message, "snakepipe grant x/p.wasm type:vector option:unlogged");
  const setting = assertThrows(
    () => checkSessionStatements(["SET statement_timeout = 5000"], "session", rules),
    LoadError,
    "it uses the setting statement_timeout, which its manifest asks for and which is not granted",
  );
  assertStringIncludes(setting.message, "snakepipe grant x/p.wasm setting:statement_timeout");
  // What no word makes right is refused for what it is.
  const other: LoadError = assertThrows(
    () =>
      checkPlan(planOf("CREATE TABLE {table} ({col:0} serial, {col:1} vector(3))"), SHAPE, rules),
    LoadError,
    "SERIAL stands where",
  );
  assertEquals(other.blame, "plugin");
});

Deno.test("options and types that a parser does not know are taken out for it, and nothing else", () => {
  const words = askedWords(WORDS);
  const about = { dialect: POSTGRES_RECIPES, columnCount: 2 };
  const create = "CREATE TABLE {table} ({col:0} bigint, {col:1} geometry(point, 3) NOT NULL)";
  const { sql, options } = withoutOptions(
    `${create} diststyle even SORTKEY ({keys})`,
    words,
    about,
  );
  assertEquals(sql.trim(), create);
  assertEquals(options.map(({ name }) => name), ["sortkey", "diststyle"]);
  const left = withoutOptions(`${create} INHERITS ({table}) SORTKEY ({keys})`, words, about);
  assertEquals(left.sql.trim(), `${create} INHERITS ({table})`);
  assertEquals(
    withPlainTypes(create, words, { type: "INT", columnCount: 2 }),
    "CREATE TABLE {table} ({col:0} bigint, {col:1} INT NOT NULL)",
  );
  // As many columns as a table has take no longer than a moment.
  const many = Array.from({ length: 1600 }, (_, i) => `{col:${i}} vector(3)`).join(", ");
  const plain = withPlainTypes(`CREATE TABLE {table} (${many})`, words, {
    type: "INT",
    columnCount: 1600,
  });
  assertEquals(plain.match(/ INT/g)!.length, 1600);
});
