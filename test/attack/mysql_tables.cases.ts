/**
 * Hostile plans for MySQL and MariaDB that
 * reach other tables, the ledger or the target's definition, or make what nobody asked for.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "another_table_dropped_in_a_replace",
    what: "Drops another table.",
    mode: "replace",
    plan: {
      prepare: [
        "CREATE TABLE {aside} AS SELECT {columns} FROM {table} WHERE 0",
        "DROP TABLE other",
      ],
    },
    refused: {
      recipe:
        "prepare[1]: no statement may stand there, and DROP TABLE OTHER does: a plan removes nothing but what its own recipe names",
      verifier: "prepare[1]: no statement may stand there",
    },
    harm: ["another table", "other objects"],
  },
  {
    name: "another_table_renamed",
    what: "Gives another table another name.",
    mode: "replace",
    plan: {
      prepare: [
        "RENAME TABLE other TO mine",
        "CREATE TABLE {aside} AS SELECT {columns} FROM {table} WHERE 0",
      ],
    },
    refused: {
      recipe:
        "prepare[0]: RENAME stands where CREATE belongs: a plan changes no table, role or setting",
      verifier: "prepare[0]: to MySQL it is another statement",
    },
    harm: ["another table", "other objects"],
  },
  {
    name: "commit_by_a_new_transaction",
    what: "Commits a batch by beginning another transaction.",
    plan: { merge: ["START TRANSACTION"] },
    refused: {
      recipe:
        "merge[0]: no statement may stand there, and START TRANSACTION does: transactions are the loader's alone",
      verifier: "merge[0]: no statement may stand there",
    },
    harm: ["rows of the table"],
  },
  {
    name: "delete_from_several_tables",
    what: "Deletes from another table too.",
    mode: "replace",
    plan: {
      finish: [
        "DELETE {table}, other FROM {table} JOIN other",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
      ],
    },
    refused: {
      recipe: "finish[0]: {table} stands where FROM belongs",
      verifier: "finish[0]: to MySQL it is another statement",
    },
    harm: ["another table"],
  },
  {
    name: "delete_of_another_table_in_a_replace",
    what: "Empties another table.",
    mode: "replace",
    plan: {
      finish: [
        "DELETE FROM other",
        "DELETE FROM {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
      ],
    },
    refused: {
      recipe: "finish[0]: OTHER stands where {table} belongs",
      verifier: "finish[0]: to MySQL it is another statement",
    },
    harm: ["another table"],
  },
  {
    name: "drop_behind_a_replace_of_mysql",
    what: "Drops another table once rows are replaced.",
    mode: "replace",
    plan: {
      finish: [
        "DELETE FROM {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
        "DROP TABLE other",
      ],
    },
    refused: {
      recipe:
        "finish[2]: no statement may stand there, and DROP TABLE OTHER does: a plan removes nothing but what its own recipe names",
      verifier: "finish[2]: no statement may stand there",
    },
    harm: ["another table", "other objects"],
  },
  {
    name: "event_that_runs_later",
    what: "Runs a statement when the load is long over.",
    mode: "replace",
    plan: { prepare: ["CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM other"] },
    refused: {
      recipe: "prepare[0]: EVENT stands where TABLE belongs: it runs code of its own",
      verifier: "prepare[0]: MySQL's grammar does not know it",
    },
    harm: ["other objects"],
  },
  {
    name: "function_made",
    what: "Makes a function.",
    plan: { create: ["CREATE FUNCTION f() RETURNS INT RETURN 1"] },
    refused: {
      recipe: "create[0]: FUNCTION stands where TABLE belongs: it runs code of its own",
      verifier: "create[0]: MySQL's grammar does not know it",
    },
    harm: ["other objects"],
  },
  {
    name: "insert_ignore",
    what: "Leaves out rows that are refused, and says nothing of it.",
    found: "keyed",
    plan: { write: { insert: "INSERT IGNORE INTO {table} ({columns}) VALUES {rows}" } },
    refused: {
      recipe:
        "insert.sql: IGNORE stands where INTO belongs: rows that do not fit would be lost without a word",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_into_a_table_of_its_own",
    what: "Loads into another table.",
    plan: { write: { insert: "INSERT INTO other ({columns}) VALUES {rows}" } },
    refused: {
      recipe: "insert.sql: OTHER stands where {table} belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table", "another table"],
  },
  {
    name: "insert_into_another_table_of_mysql",
    what: "Loads into another table.",
    plan: { write: { insert: "INSERT INTO other ({columns}) VALUES {rows}" } },
    refused: {
      recipe: "insert.sql: OTHER stands where {table} belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table", "another table"],
  },
  {
    name: "insert_into_the_ledger",
    what: "Says that batches are in.",
    plan: {
      write: {
        insert: "INSERT INTO _snakepipe_batch (id, rowcount) VALUES {rows}",
        row: "({value:1}, {value:0})",
      },
    },
    refused: {
      recipe: "insert.row: {value:1} stands where {values} or {value:0} belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table", "the ledger"],
  },
  {
    name: "insert_of_another_table_too_of_mysql",
    what: "Adds the rows of another table.",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) SELECT * FROM (VALUES {rows}) AS r UNION ALL SELECT id, secret, b FROM other",
      },
    },
    refused: {
      recipe: "insert.sql: SELECT stands where VALUES belongs: it reads what was not sent",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_of_one_row_of_mysql",
    what: "Loads one row of each statement.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) SELECT * FROM (VALUES {rows}) AS r LIMIT 1",
      },
    },
    refused: {
      recipe: "insert.sql: SELECT stands where VALUES belongs: it reads what was not sent",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_of_swapped_columns_of_mysql",
    what: "Swaps two columns.",
    plan: { write: { insert: "INSERT INTO {table} ({col:0}, {col:2}, {col:1}) VALUES {rows}" } },
    refused: {
      recipe: "insert.sql: {col:0} stands where {columns} belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "move_before_the_delete",
    what: "Deletes what was loaded.",
    mode: "replace",
    plan: {
      finish: [
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
        "DELETE FROM {table}",
      ],
    },
    refused: {
      recipe: "finish[0]: INSERT stands where DELETE belongs",
      verifier: "finish[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "move_of_some_kinds_of_rows",
    what: "Loses equal rows on their way from aside.",
    mode: "replace",
    plan: {
      finish: [
        "DELETE FROM {table}",
        "INSERT INTO {table} ({columns}) SELECT DISTINCT {columns} FROM {aside}",
      ],
    },
    refused: {
      recipe:
        "finish[1]: DISTINCT stands where {columns} belongs: it could leave out rows that are alike",
      verifier: "finish[1]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "move_of_some_rows",
    what: "Loses rows on their way from aside.",
    mode: "replace",
    plan: {
      finish: [
        "DELETE FROM {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside} LIMIT 1",
      ],
    },
    refused: {
      recipe: "finish[1]: LIMIT stands where its end belongs: it could leave out some of the rows",
      verifier: "finish[1]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "move_of_what_is_there",
    what: "Reads the table itself.",
    mode: "replace",
    plan: {
      finish: [
        "DELETE FROM {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}",
      ],
    },
    refused: {
      recipe: "finish[1]: {table} stands where {aside} belongs",
      verifier: "finish[1]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "move_that_is_missing",
    what: "Leaves the table empty.",
    mode: "replace",
    plan: { finish: ["DELETE FROM {table}"] },
    refused: {
      recipe: "finish[1]: a statement is missing: one that begins with INSERT",
      verifier: "finish[1]: a statement is missing",
    },
    harm: ["rows of the table"],
  },
  {
    name: "move_twice",
    what: "Doubles every row.",
    mode: "replace",
    plan: {
      finish: [
        "DELETE FROM {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
      ],
    },
    refused: {
      recipe:
        "finish[2]: no statement may stand there, and INSERT INTO {table} does: it reads what was not sent",
      verifier: "finish[2]: no statement may stand there",
    },
    harm: ["rows of the table"],
  },
  {
    name: "names_of_another_encoding",
    what: "Has the bytes of texts be read as others.",
    plan: { session: ["SET NAMES gbk"] },
    refused: { recipe: "session[0]: NAMES stands where SESSION belongs" },
    harm: ["rows of the table"],
  },
  {
    name: "procedure_called",
    what: "Runs what somebody else has written.",
    mode: "replace",
    plan: {
      prepare: [
        "CALL clean_up ( )",
        "CREATE TABLE {aside} AS SELECT {columns} FROM {table} WHERE 0",
      ],
    },
    refused: {
      recipe: "prepare[0]: CALL stands where CREATE belongs: it runs code of its own",
      verifier: "prepare[0]: to MySQL it is another statement",
    },
    harm: ["another table"],
  },
  {
    name: "replace_rows_of_equal_keys",
    what: "Deletes rows that are there.",
    found: "keyed",
    plan: { write: { insert: "REPLACE INTO {table} ({columns}) VALUES {rows}" } },
    refused: {
      recipe:
        "insert.sql: REPLACE stands where INSERT belongs: it removes rows that are in the way, with all that depends on them",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "rows_past_the_aside",
    what: "Loads into the table before the old rows are gone.",
    mode: "replace",
    plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}" } },
    refused: {
      recipe: "insert.sql: {table} stands where {aside} belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "second_row_beside_each",
    what: "Sends a row of its own with each.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({values}), (7, 7, 7)",
      },
    },
    refused: {
      recipe: "insert.row: , stands where its end belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "statement_for_each_variable",
    what: "Sets a variable for one statement, as MariaDB can.",
    mode: "replace",
    plan: { prepare: ["SET STATEMENT sql_mode = 0 FOR DELETE FROM {table}"] },
    refused: {
      recipe: "prepare[0]: SET stands where CREATE belongs",
      verifier: "prepare[0]: MySQL's grammar does not know it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "table_in_the_place_of_another",
    what: "Drops the table that is there, as MariaDB can.",
    found: "keyless",
    plan: {
      create: [
        "CREATE OR REPLACE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys}))",
      ],
    },
    refused: {
      recipe: "create[0]: OR stands where TABLE belongs",
      verifier: "create[0]: MySQL's grammar does not know it",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "table_like_another",
    what: "Makes a table of other columns.",
    plan: { create: ["CREATE TABLE {table} LIKE other"] },
    refused: {
      recipe: "create[0]: LIKE stands where ( belongs",
      verifier: "create[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "table_of_a_query",
    what: "Fills a table as it is made.",
    plan: { create: ["CREATE TABLE {table} AS SELECT 1"] },
    refused: {
      recipe: "create[0]: AS stands where ( belongs",
      verifier: "create[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "table_of_columns_that_are_computed",
    what: "Computes a column from another.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} BIGINT, {col:1} TEXT, {col:2} TEXT AS ({col:1}), PRIMARY KEY ({keys}))",
      ],
    },
    refused: {
      recipe: "create[0]: AS stands where CHARACTER or COLLATE or NOT or NULL or , or ) belongs",
      verifier: "create[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "table_of_columns_that_count",
    what: "Has a key count by itself.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} BIGINT AUTO_INCREMENT, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys}))",
      ],
    },
    refused: {
      recipe:
        "create[0]: AUTO_INCREMENT stands where CHARACTER or COLLATE or NOT or NULL or , belongs",
      verifier: "create[0]: to MySQL it is another statement",
    },
    harm: ["the table itself"],
  },
  {
    name: "table_of_columns_that_follow_updates",
    what: "Has a column change by itself.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} BIGINT, {col:1} TEXT, {col:2} TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, PRIMARY KEY ({keys}))",
      ],
    },
    refused: {
      recipe:
        "create[0]: ON stands where ( or CHARACTER or COLLATE or NOT or NULL or , or ) belongs",
      verifier: "create[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "table_of_columns_with_zeros",
    what: "Fills numbers with zeros.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} INT ZEROFILL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys}))",
      ],
    },
    refused: {
      recipe: "create[0]: ZEROFILL stands where CHARACTER or COLLATE or NOT or NULL or , belongs",
      verifier: "create[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "table_of_texts_of_one_case",
    what: "Makes keys equal that are not.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} VARCHAR(9) COLLATE utf8mb4_general_ci, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys}))",
      ],
    },
    refused: {
      recipe:
        "create[0]: UTF8MB4_GENERAL_CI stands where UTF8MB4_BIN or UTF8MB4_NOPAD_BIN or UTF8MB4_0900_BIN or ASCII_BIN belongs",
      verifier: "create[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "table_of_texts_of_one_case_throughout",
    what: "Makes keys equal that are not.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys})) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
      ],
    },
    refused: {
      recipe:
        "create[0]: UTF8MB4_UNICODE_CI stands where UTF8MB4_BIN or UTF8MB4_NOPAD_BIN or UTF8MB4_0900_BIN or ASCII_BIN belongs",
      verifier: "create[0]: to MySQL it is another statement",
    },
    harm: ["the table itself"],
  },
  {
    name: "table_of_this_session_alone",
    what: "Makes a table that is gone with the session.",
    plan: {
      create: [
        "CREATE TEMPORARY TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys}))",
      ],
    },
    refused: {
      recipe: "create[0]: TEMPORARY stands where TABLE belongs: what it makes is not kept",
      verifier: "create[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "table_renamed_in_a_replace",
    what: "Swaps the tables by a statement that commits.",
    mode: "replace",
    plan: { finish: ["RENAME TABLE {table} TO was", "RENAME TABLE {aside} TO {table}"] },
    refused: {
      recipe:
        "finish[0]: RENAME stands where DELETE belongs: a plan changes no table, role or setting",
      verifier: "finish[0]: to MySQL it is another statement",
    },
    harm: ["the table itself", "other objects"],
  },
  {
    name: "table_that_is_dropped_first",
    what: "Drops the table before it is made.",
    found: "keyless",
    plan: {
      create: [
        "DROP TABLE {table}",
        "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys}))",
      ],
    },
    refused: {
      recipe:
        "create[0]: DROP stands where CREATE belongs: a plan removes nothing but what its own recipe names",
      verifier: "create[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "table_that_keeps_everything",
    what: "Keeps every row that was ever deleted.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys})) WITH SYSTEM VERSIONING",
      ],
    },
    refused: {
      recipe: "create[0]: WITH stands where ENGINE or CHARACTER or COLLATE or its end belongs",
      verifier: "create[0]: MySQL's grammar does not know it",
    },
    harm: ["the table itself"],
  },
  {
    name: "table_truncated_in_a_replace",
    what: "Empties the table at once, and fails.",
    mode: "replace",
    plan: {
      finish: [
        "TRUNCATE TABLE {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM gone",
      ],
    },
    refused: {
      recipe:
        "finish[0]: TRUNCATE stands where DELETE belongs: a plan removes nothing but what its own recipe names",
      verifier: "finish[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "table_with_a_foreign_key",
    what: "Refers to a table of others.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys}), FOREIGN KEY ({col:0}) REFERENCES other (id))",
      ],
    },
    refused: {
      recipe: "create[0]: , stands where ) belongs",
      verifier: "create[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "table_with_an_index_of_its_own",
    what: "Makes an index that refuses rows.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys}), UNIQUE ({col:1}))",
      ],
    },
    refused: {
      recipe: "create[0]: , stands where ) belongs",
      verifier: "create[0]: to MySQL it is another statement",
    },
    harm: ["the table itself"],
  },
  {
    name: "table_without_the_key_of_an_upsert",
    what: "Makes a table in which no row finds one of its key.",
    mode: "upsert",
    plan: {
      create: ["CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT)"],
    },
    refused: { verifier: "create[0]: it makes no key, and without one no row would be updated" },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "trigger_on_the_table",
    what: "Changes each row as it comes.",
    mode: "replace",
    plan: { prepare: ["CREATE TRIGGER g BEFORE INSERT ON {table} FOR EACH ROW DELETE FROM other"] },
    refused: {
      recipe: "prepare[0]: TRIGGER stands where TABLE belongs: it runs code of its own",
      verifier: "prepare[0]: MySQL's grammar does not know it",
    },
    harm: ["the table itself"],
  },
  {
    name: "update_of_equal_keys_in_an_append",
    what: "Overwrites rows that are there.",
    found: "keyed",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE {col:1} = VALUES({col:1}), {col:2} = VALUES({col:2})",
      },
    },
    refused: {
      recipe: "insert.sql: ON stands where its end belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "update_to_itself_in_an_append",
    what: "Leaves out rows whose key is there, and says nothing.",
    found: "keyed",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE {col:1} = {col:1}",
      },
    },
    refused: {
      recipe: "insert.sql: ON stands where its end belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "update_to_null_in_an_append",
    what: "Empties a column of rows that are there.",
    found: "keyed",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE {col:1} = NULL",
      },
    },
    refused: {
      recipe: "insert.sql: ON stands where its end belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "upsert_by_replace",
    what: "Deletes the row, and with it what refers to it.",
    mode: "upsert",
    found: "referred",
    plan: { write: { insert: "REPLACE INTO {table} ({columns}) VALUES {rows}" } },
    refused: {
      recipe:
        "insert.sql: REPLACE stands where INSERT belongs: it removes rows that are in the way, with all that depends on them",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["another table"],
  },
  {
    name: "value_by_default",
    what: "Leaves out a value.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {value:1}, DEFAULT)",
      },
    },
    refused: {
      recipe:
        "insert.row: DEFAULT stands where {value:2} belongs: a value that was sent would not be kept",
      verifier: "insert.sql: MySQL's grammar does not know it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "value_converted_to_another_charset",
    what: "Turns letters into question marks.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, CONVERT({value:1} USING ascii), {value:2})",
      },
    },
    refused: {
      recipe:
        "insert.row: CONVERT stands where {value:1} belongs: it could change a value that is then counted as loaded",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "value_cut_by_a_cast",
    what: "Cuts each text.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {value:1}, CAST({value:2} AS CHAR(1)))",
      },
    },
    refused: {
      recipe:
        "insert.row: CAST stands where {value:2} belongs: it could change a value that is then counted as loaded",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "value_doubled",
    what: "Doubles each text.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, CONCAT({value:1}, {value:1}), {value:2})",
      },
    },
    refused: {
      recipe: "insert.row: CONCAT stands where {value:1} belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "value_left_out",
    what: "Leaves out a value.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({col:0}, {col:1}) VALUES {rows}",
        row: "({value:0}, {value:1})",
      },
    },
    refused: {
      recipe: "insert.row: ) stands where , belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "value_of_a_query",
    what: "Reads another table.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {value:1}, (SELECT max(secret) FROM other))",
      },
    },
    refused: {
      recipe: "insert.row: ( SELECT stands where {value:2} belongs: it reads what was not sent",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "value_plus_one",
    what: "Counts keys on.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0} + 1, {value:1}, {value:2})",
      },
    },
    refused: {
      recipe: "insert.row: + stands where , belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "values_in_another_order",
    what: "Swaps two columns.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {value:2}, {value:1})",
      },
    },
    refused: {
      recipe: "insert.row: {value:2} stands where {value:1} belongs",
      verifier: "insert.sql: a value goes to another column",
    },
    harm: ["rows of the table"],
  },
  {
    name: "view_over_the_table",
    what: "Makes a view.",
    mode: "replace",
    plan: { prepare: ["CREATE VIEW v AS SELECT * FROM {table}"] },
    refused: {
      recipe:
        "prepare[0]: VIEW stands where TABLE belongs: a plan makes its own tables and nothing else",
      verifier: "prepare[0]: to MySQL it is another statement",
    },
    harm: ["other objects"],
  },
];
