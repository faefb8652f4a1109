/**
 * What plans for MySQL and MariaDB may look like; see `src/plan_policy/statement_pattern.ts`. TRUNCATE, DROP, CREATE
 * and ANALYZE TABLE commit what is open: none of them stands in a batch or at the end of a load.
 */
import type { DialectRecipes } from "../../../src/plan_policy/recipes.ts";

const INSERT = "INSERT INTO {table} ( {columns} )";

/** What plans for MySQL and MariaDB may look like; see `src/plan_policy/statement_pattern.ts`. */
export const MYSQL_RECIPES: DialectRecipes = {
  named: {
    type: "<BOOLEAN | TINYINT ( 1 ) | TINYINT | SMALLINT | MEDIUMINT | INTEGER | INT | BIGINT | " +
      "FLOAT | DOUBLE | DECIMAL %digits | CHAR ( #255 ) | VARCHAR ( #16383 ) | VARBINARY ( #65532 ) | " +
      "TEXT | MEDIUMTEXT | LONGTEXT | BLOB | MEDIUMBLOB | LONGBLOB | JSON | DATE | TIME %fraction | " +
      "DATETIME %fraction | TIMESTAMP %fraction>",
    digits: "[( #65 [, #38] )]",
    fraction: "[( #6 )]",
    collation: "[CHARACTER SET <UTF8MB4 | ASCII>] " +
      "[COLLATE <UTF8MB4_BIN | UTF8MB4_NOPAD_BIN | UTF8MB4_0900_BIN | ASCII_BIN>]",
    definition: "{col} %type %collation [[NOT] NULL]",
  },
  session: ["SET SESSION INNODB_LOCK_WAIT_TIMEOUT = #600"],
  teardown: [],
  health: ["SELECT #", "SELECT VERSION ( )"],
  create: [
    "?CREATE TABLE [IF NOT EXISTS] {table} ( each( %definition ) [, PRIMARY KEY ( {keys} )] ) " +
    "[ENGINE = INNODB] %collation",
  ],
  // Without casts: they cut and round, and the row is still counted.
  row: "( <{values} | each( {value} )> )",
  recipes: {
    append: [{ write: `${INSERT} VALUES {rows}` }],
    upsert: [{
      write: `${INSERT} VALUES {rows} ON DUPLICATE KEY UPDATE plain( {col} = VALUES ( {col} ) )`,
    }],
    replace: [{
      prepare: [
        "CREATE TABLE {aside} <AS SELECT {columns} FROM {table} WHERE 0 | LIKE {table} | " +
        "( LIKE {table} )>",
      ],
      write: "INSERT INTO {aside} ( {columns} ) VALUES {rows}",
      finish: ["DELETE FROM {table}", `${INSERT} SELECT {columns} FROM {aside}`],
    }],
  },
  words: {
    refusedTypes: [
      ["SERIAL", "it is a column that counts for itself"],
      ["ENUM SET", "it keeps a number where a text was sent, and needs quotes"],
      ["YEAR BIT BINARY", "it changes values that it cannot keep"],
    ],
    optionsAhead: [],
    optionsBehind: false,
    settings: {
      // Of MySQL in milliseconds, of MariaDB in seconds.
      max_execution_time: "#1000-86400000",
      max_statement_time: "#1-86400",
      lock_wait_timeout: "#1-3600",
      net_read_timeout: "#10-3600",
      net_write_timeout: "#10-3600",
      bulk_insert_buffer_size: "#0-1073741824",
      sort_buffer_size: "#32768-1073741824",
      read_buffer_size: "#8192-1073741824",
    },
    set: ["SET SESSION", "="],
  },
};
