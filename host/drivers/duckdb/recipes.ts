/**
 * What plans for DuckDB may look like; see `src/plan_policy/statement_pattern.ts`. Statements are those of
 * https://duckdb.org/docs/stable/sql/introduction, as far as a load needs them.
 */
import type { DialectRecipes, Recipe } from "../../../src/plan_policy/recipes.ts";

const INSERT = "INSERT INTO {table} ( {columns} )";
/** Of rows of one statement with one key the first would stay: they are staged, and the last one merged. */
const UPSERT: Recipe = {
  stage: [
    "?DROP TABLE IF EXISTS {staging}",
    "CREATE TEMP TABLE {staging} AS SELECT {columns} , CAST ( 0 AS BIGINT ) AS {ordinal} " +
    "FROM {table} WITH NO DATA",
  ],
  write: "INSERT INTO {staging} ( {columns} , {ordinal} ) VALUES {rows}",
  merge: [
    `${INSERT} SELECT DISTINCT ON ( {keys} ) {columns} FROM {staging} ` +
    "ORDER BY {keys} , {ordinal} DESC " +
    "ON CONFLICT ( {keys} ) DO UPDATE SET plain( {col} = EXCLUDED . {col} )",
  ],
};
/** The driver drops the shadow table, however the load ends. */
const REPLACE: Recipe = {
  prepare: ["CREATE TABLE {aside} AS SELECT {columns} FROM {table} WITH NO DATA"],
  write: "INSERT INTO {aside} ( {columns} ) VALUES {rows}",
  finish: ["DELETE FROM {table}", `${INSERT} SELECT {columns} FROM {aside}`],
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
    append: [{ write: `${INSERT} VALUES {rows}` }],
    upsert: [UPSERT],
    replace: [REPLACE],
  },
};
