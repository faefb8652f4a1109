/**
 * What plans for SQLite and libSQL may look like; see `src/plan_policy/statement_pattern.ts`. Statements are those of
 * https://sqlite.org/lang.html, as far as a load needs them.
 */
import type { DialectRecipes, Recipe } from "../../../src/plan_policy/recipes.ts";

const INTO = "INSERT INTO {table} ( {columns} )";
const INSERT = `${INTO} VALUES {rows}`;
const UPDATE = "ON CONFLICT ( {keys} ) DO UPDATE SET plain( {col} = EXCLUDED . {col} )";
const ANALYZE = "?ANALYZE {table}";
/** In files alone: a server keeps no temporary table. The driver empties it after each batch. */
const STAGING = {
  stage: [
    "?DROP TABLE IF EXISTS {staging}",
    "CREATE <TEMP | TEMPORARY> TABLE {staging} AS SELECT {columns} , " +
    "<0 | CAST ( 0 AS <INTEGER | BIGINT> )> AS {ordinal} FROM {table} WHERE 0",
  ],
  write: "INSERT INTO {staging} ( {columns} , {ordinal} ) VALUES {rows}",
  finish: [ANALYZE],
};
/** One row after the other, so that of rows with one key the last one stays. */
const FROM_STAGING = `${INTO} SELECT {columns} FROM {staging} ORDER BY {ordinal}`;
/** The driver drops the shadow table, however the load ends. */
const REPLACE: Recipe = {
  prepare: ["CREATE TABLE {aside} AS SELECT {columns} FROM {table} WHERE 0"],
  write: "INSERT INTO {aside} ( {columns} ) VALUES {rows}",
  finish: [
    "DELETE FROM {table}",
    `${INTO} SELECT {columns} FROM {aside}`,
    ANALYZE,
  ],
};

/** What plans for SQLite and libSQL may look like; see `src/plan_policy/statement_pattern.ts`. */
export const LIBSQL_RECIPES: DialectRecipes = {
  named: {
    // Two words at the most: what a column means, and how SQLite keeps it.
    type: "%word [%word]",
    word:
      "<INTEGER | INT | BIGINT | SMALLINT | REAL | DOUBLE | PRECISION | FLOAT | NUMERIC | TEXT | " +
      "VARCHAR | BLOB | ANY | BOOLEAN | DECIMAL | JSON | DATE | TIME | TIMESTAMP | TIMESTAMPTZ | UUID>",
    definition: "{col} %type [[NOT] NULL]",
    option: "<STRICT | WITHOUT ROWID>",
  },
  session: [
    "PRAGMA JOURNAL_MODE = <WAL | DELETE | TRUNCATE | PERSIST>",
    "PRAGMA SYNCHRONOUS = <OFF | NORMAL | FULL | EXTRA>",
    // Kibibytes, since there is a minus before them: four gibibytes. The others are bytes.
    "PRAGMA CACHE_SIZE = - #4194304",
    "PRAGMA <MMAP_SIZE | JOURNAL_SIZE_LIMIT> = #1073741824",
    "PRAGMA TEMP_STORE = <DEFAULT | FILE | MEMORY>",
    "PRAGMA FOREIGN_KEYS = ON",
  ],
  teardown: ["PRAGMA OPTIMIZE"],
  health: ["SELECT #", "SELECT SQLITE_VERSION ( )"],
  create: [
    "?CREATE TABLE [IF NOT EXISTS] {table} ( each( %definition ) [, PRIMARY KEY ( {keys} )] ) " +
    "[%option [, %option]]",
  ],
  // Without casts: a text becomes 0 by one to INTEGER, and the row is still counted.
  row: "( <{values} | each( {value} )> [, {ordinal}] )",
  recipes: {
    append: [{ write: INSERT, finish: [ANALYZE] }, { ...STAGING, merge: [FROM_STAGING] }],
    upsert: [
      { write: `${INSERT} ${UPDATE}`, finish: [ANALYZE] },
      { ...STAGING, merge: [`${FROM_STAGING} ${UPDATE}`] },
    ],
    replace: [REPLACE],
  },
  words: {
    refusedTypes: [],
    optionsAhead: [],
    optionsBehind: false,
    settings: {
      // Milliseconds.
      busy_timeout: "#0-600000",
      analysis_limit: "#0-100000",
      wal_autocheckpoint: "#100-1000000",
      threads: "#0-64",
      secure_delete: "<ON | OFF | FAST>",
      cell_size_check: "<ON | OFF>",
    },
    set: ["PRAGMA", "="],
  },
};
