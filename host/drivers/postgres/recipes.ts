/**
 * What plans for PostgreSQL may look like; see `src/plan_policy/statement_pattern.ts`. Statements are those of the
 * manual's part VI, SQL Commands, as far as a load needs them.
 */
import type { DialectRecipes, Recipe } from "../../../src/plan_policy/recipes.ts";

/** By OVERRIDING USER VALUE, an identity column would count for itself and drop what the rows say. */
const INSERT = "INSERT INTO {table} ( {columns} ) [OVERRIDING SYSTEM VALUE]";
const DROP_STAGING = "?DROP TABLE IF EXISTS {staging}";
/** Emptied by each COMMIT, or a batch would be merged once more with the next. */
const STAGING = "CREATE <TEMP | TEMPORARY> TABLE {staging} ON COMMIT <DELETE ROWS> AS " +
  "SELECT {columns} [, CAST ( 0 AS BIGINT ) AS {ordinal}] FROM {table} WITH NO DATA";
const UPDATE = "DO UPDATE SET plain( {col} = EXCLUDED . {col} )";

const BY_INSERT: Recipe = { write: `${INSERT} VALUES {rows}` };
const BY_STAGING: Recipe = {
  stage: [DROP_STAGING, STAGING],
  write: "INSERT INTO {staging} ( {columns} [, {ordinal}] ) VALUES {rows}",
  merge: [`${INSERT} SELECT {columns} FROM {staging} [ORDER BY {ordinal}]`],
};
const UPSERT_BY_INSERT: Recipe = {
  write: `${INSERT} VALUES {rows} ON CONFLICT ( {keys} ) ${UPDATE}`,
};
/** Of rows with one key, the last one: the first in the order of falling ordinals. */
const UPSERT_BY_STAGING: Recipe = {
  stage: [DROP_STAGING, STAGING],
  write: "INSERT INTO {staging} ( {columns} , {ordinal} ) VALUES {rows}",
  merge: [
    `${INSERT} SELECT DISTINCT ON ( {keys} ) {columns} FROM {staging} ` +
    `ORDER BY {keys} , {ordinal} DESC ON CONFLICT ( {keys} ) ${UPDATE}`,
  ],
};
/** The driver drops the shadow table, however the load ends. */
const ASIDE = {
  prepare: [
    "CREATE [UNLOGGED] TABLE {aside} AS SELECT {columns} FROM {table} WITH NO DATA",
  ],
  // By DELETE, the actions of foreign keys, row triggers and rules would change other tables.
  finish: ["TRUNCATE [TABLE] {table}", `${INSERT} SELECT {columns} FROM {aside}`],
};

/** What plans for PostgreSQL may look like; see `src/plan_policy/statement_pattern.ts`. */
export const POSTGRES_RECIPES: DialectRecipes = {
  named: {
    type:
      "<BOOLEAN | BOOL | SMALLINT | INT2 | INTEGER | INT | INT4 | BIGINT | INT8 | REAL | FLOAT4 | " +
      "DOUBLE PRECISION | FLOAT8 | NUMERIC %digits | DECIMAL %digits | TEXT | VARCHAR %size | " +
      "CHARACTER VARYING %size | CHAR %size | JSON | JSONB | BYTEA | DATE | UUID | " +
      "TIMESTAMPTZ %fraction | TIMESTAMP %fraction %zone | TIME %fraction %zone>",
    digits: "[( #1000 [, #1000] )]",
    fraction: "[( #6 )]",
    size: "[( #10485760 )]",
    zone: "[<WITH | WITHOUT> TIME ZONE]",
    definition: "{col} %type [[NOT] NULL]",
  },
  session: [
    "SET SYNCHRONOUS_COMMIT <TO | => <ON | OFF | LOCAL | REMOTE_WRITE | REMOTE_APPLY>",
    // Kilobytes: a gigabyte.
    "SET <WORK_MEM | MAINTENANCE_WORK_MEM> <TO | => #1048576",
    "SET JIT <TO | => <ON | OFF>",
  ],
  teardown: [],
  health: ["SELECT #", "SELECT <PG_IS_IN_RECOVERY | VERSION> ( )"],
  create: [
    "?CREATE TABLE [IF NOT EXISTS] {table} ( each( %definition ) [, PRIMARY KEY ( {keys} )] ) " +
    "[WITH ( FILLFACTOR = #100 )]",
  ],
  // Without casts: varchar(1) would cut a text that a column refuses, and the row still be counted.
  row: "( <{values} | each( {value} )> [, {ordinal}] )",
  recipes: {
    append: [BY_INSERT, BY_STAGING],
    upsert: [UPSERT_BY_STAGING, UPSERT_BY_INSERT],
    replace: [{ ...ASIDE, write: "INSERT INTO {aside} ( {columns} ) VALUES {rows}" }],
  },
};
