/**
 * What plans for SQLite and libSQL may look like; see `src/plan_policy/statement_pattern.ts`. Statements are those of
 * https://sqlite.org/lang.html, as far as a load needs them.
 */
import type { DialectRecipes, Recipe } from "../../../src/plan_policy/recipes.ts";

const INSERT = "INSERT INTO {table} ( {columns} ) VALUES {rows}";
/** The driver drops the shadow table, however the load ends. */
const REPLACE: Recipe = {
  prepare: ["CREATE TABLE {aside} AS SELECT {columns} FROM {table} WHERE 0"],
  write: "INSERT INTO {aside} ( {columns} ) VALUES {rows}",
  finish: [
    "DELETE FROM {table}",
    "INSERT INTO {table} ( {columns} ) SELECT {columns} FROM {aside}",
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
  row: "( <{values} | each( {value} )> )",
  recipes: {
    append: [{ write: INSERT }],
    upsert: [{
      write: `${INSERT} ON CONFLICT ( {keys} ) DO UPDATE SET plain( {col} = EXCLUDED . {col} )`,
    }],
    replace: [REPLACE],
  },
};
