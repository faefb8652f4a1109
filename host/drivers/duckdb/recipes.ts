/**
 * What plans for DuckDB may look like; see `src/plan_policy/statement_pattern.ts`. Statements are those of
 * https://duckdb.org/docs/stable/sql/introduction, as far as a load needs them.
 */
import type { DialectRecipes, Recipe } from "../../../src/plan_policy/recipes.ts";

const INSERT = "INSERT INTO {table} ( {columns} )";
const ANALYZE = "?ANALYZE {table}";
const STAGE = (ordinal: string) => [
  "?DROP TABLE IF EXISTS {staging}",
  `CREATE <TEMP | TEMPORARY> TABLE {staging} AS SELECT {columns} ${ordinal} FROM {table} WITH NO DATA`,
];
const ORDINAL = ", CAST ( 0 AS BIGINT ) AS {ordinal}";
/** The driver empties staging after each batch. */
const BY_STAGING: Recipe = {
  stage: STAGE(`[${ORDINAL}]`),
  write: "INSERT INTO {staging} ( {columns} [, {ordinal}] ) VALUES {rows}",
  merge: [`${INSERT} SELECT {columns} FROM {staging} [ORDER BY {ordinal}]`],
  finish: [ANALYZE],
};
/** Of rows of one statement with one key the first would stay: they are staged, and the last one merged. */
const UPSERT: Recipe = {
  stage: STAGE(ORDINAL),
  write: "INSERT INTO {staging} ( {columns} , {ordinal} ) VALUES {rows}",
  merge: [
    `${INSERT} SELECT DISTINCT ON ( {keys} ) {columns} FROM {staging} ` +
    "ORDER BY {keys} , {ordinal} DESC " +
    "ON CONFLICT ( {keys} ) DO UPDATE SET plain( {col} = EXCLUDED . {col} )",
  ],
  finish: [ANALYZE],
};
/** The driver drops the shadow table, however the load ends. */
const REPLACE: Recipe = {
  prepare: ["CREATE TABLE {aside} AS SELECT {columns} FROM {table} WITH NO DATA"],
  write: "INSERT INTO {aside} ( {columns} ) VALUES {rows}",
  finish: ["DELETE FROM {table}", `${INSERT} SELECT {columns} FROM {aside}`, ANALYZE],
};

/** What plans for DuckDB may look like; see `src/plan_policy/statement_pattern.ts`. */
export const DUCKDB_RECIPES: DialectRecipes = {
  named: {
    type:
      "<BOOLEAN | SMALLINT | INTEGER | BIGINT | HUGEINT | FLOAT | DOUBLE | DECIMAL ( #38 , #38 ) | " +
      "VARCHAR | JSON | BLOB | DATE | TIME | TIMESTAMP | TIMESTAMPTZ | UUID>",
    definition: "{col} %type [[NOT] NULL]",
  },
  session: [],
  teardown: [],
  health: ["SELECT #", "SELECT VERSION ( )"],
  create: [
    "?CREATE TABLE [IF NOT EXISTS] {table} ( each( %definition ) [, PRIMARY KEY ( {keys} )] )",
  ],
  row: "( <{values} | each( {value} )> [, {ordinal}] )",
  recipes: {
    append: [{ write: `${INSERT} VALUES {rows}`, finish: [ANALYZE] }, BY_STAGING],
    upsert: [UPSERT],
    replace: [REPLACE],
  },
  words: {
    refusedTypes: [
      ["STRUCT MAP UNION LIST ENUM ROW", "rows have no value for it"],
      ["INTERVAL TIMETZ", "it cuts what is finer than a microsecond"],
      ["BIT VARBIT BITSTRING", "it keeps another value than a text that was sent"],
    ],
    optionsAhead: [],
    optionsBehind: false,
    // What an engine is set to is the driver's own: every session of the process shares it.
    settings: {},
    set: ["SET SESSION", "="],
  },
};
