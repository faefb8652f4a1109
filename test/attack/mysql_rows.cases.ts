/**
 * Hostile plans for MySQL and MariaDB that
 * lose, double, change or add rows of the target.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "aside_of_another_table_of_mysql",
    what: "Begins with the rows of another table.",
    mode: "replace",
    plan: { prepare: ["CREATE TABLE {aside} AS SELECT {columns} FROM other"] },
    refused: {
      recipe: "prepare[0]: OTHER stands where {table} belongs",
      verifier: "prepare[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "aside_that_begins_with_rows",
    what: "Doubles the rows that are there.",
    mode: "replace",
    plan: { prepare: ["CREATE TABLE {aside} AS SELECT {columns} FROM {table}"] },
    refused: {
      recipe: "prepare[0]: its end stands where WHERE belongs",
      verifier: "prepare[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "aside_that_ignores",
    what: "Makes what is aside drop rows.",
    mode: "replace",
    plan: {
      prepare: [
        "CREATE TABLE {aside} (UNIQUE ({col:1})) IGNORE AS SELECT {columns} FROM {table} WHERE 0",
      ],
      write: { insert: "INSERT IGNORE INTO {aside} ({columns}) VALUES {rows}" },
    },
    refused: {
      recipe: "prepare[0]: UNIQUE stands where LIKE belongs",
      verifier: "prepare[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "charset_introducer_before_a_value",
    what: "Has a value's bytes be read as another encoding.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, _latin1 {value:1}, {value:2})",
      },
    },
    refused: {
      recipe: "insert.row: _LATIN1 stands where {value:1} belongs",
      verifier: "insert.sql: MySQL's grammar does not know it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "charset_introducer_that_eats_a_quote",
    what: "Has a value's last byte and its quote be one character.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, _gbk {value:1}, {value:2})",
      },
    },
    refused: {
      recipe: "insert.row: _GBK stands where {value:1} belongs",
      verifier: "insert.sql: MySQL's grammar does not know it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "commit_by_an_alter",
    what: "Ends the host's transaction by DDL.",
    plan: { merge: ["ALTER TABLE {table} FORCE"] },
    refused: {
      recipe:
        "merge[0]: no statement may stand there, and ALTER TABLE {table} does: a plan changes no table, role or setting",
      verifier: "merge[0]: no statement may stand there",
    },
    harm: ["rows of the table"],
  },
  {
    name: "commit_in_between",
    what: "Ends the host's transaction.",
    plan: { merge: ["COMMIT"] },
    refused: {
      recipe:
        "merge[0]: no statement may stand there, and COMMIT does: transactions are the loader's alone",
      verifier: "merge[0]: no statement may stand there",
    },
    harm: ["rows of the table"],
  },
  {
    name: "delete_of_some_rows_in_a_replace",
    what: "Keeps old rows.",
    mode: "replace",
    plan: {
      finish: [
        "DELETE FROM {table} WHERE 0",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
      ],
    },
    refused: {
      recipe: "finish[0]: WHERE stands where its end belongs: it could leave out some of the rows",
      verifier: "finish[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "delete_that_is_missing",
    what: "Keeps the old rows.",
    mode: "replace",
    plan: { finish: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}"] },
    refused: {
      recipe: "finish[0]: INSERT stands where DELETE belongs",
      verifier: "finish[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "delete_up_to_a_number_in_a_replace",
    what: "Keeps old rows.",
    mode: "replace",
    plan: {
      finish: [
        "DELETE FROM {table} LIMIT 1",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
      ],
    },
    refused: {
      recipe: "finish[0]: LIMIT stands where its end belongs: it could leave out some of the rows",
      verifier: "finish[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "file_read_into_a_row",
    what: "Loads a file of the server's in the place of a value.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {value:1}, LOAD_FILE({value:2}))",
      },
    },
    refused: {
      recipe: "insert.row: LOAD_FILE stands where {value:2} belongs: it reads files of the server",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_without_its_columns",
    what: "Loads by place.",
    found: "reordered",
    plan: { write: { insert: "INSERT INTO {table} VALUES {rows}" } },
    refused: {
      recipe: "insert.sql: VALUES stands where ( belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "move_that_ignores",
    what: "Loses rows on their way from aside.",
    mode: "replace",
    found: "keyed",
    plan: {
      finish: [
        "DELETE FROM {table}",
        "INSERT IGNORE INTO {table} ({columns}) SELECT {columns} FROM {aside}",
      ],
    },
    refused: {
      recipe:
        "finish[1]: IGNORE stands where INTO belongs: rows that do not fit would be lost without a word",
      verifier: "finish[1]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "table_of_this_session_hides_the_target",
    what: "Replaces the rows of a table that hides the target.",
    mode: "replace",
    plan: {
      prepare: [
        "CREATE TEMPORARY TABLE {table} AS SELECT {columns} FROM {table} WHERE 0",
        "CREATE TABLE {aside} AS SELECT {columns} FROM {table} WHERE 0",
      ],
    },
    refused: {
      recipe: "prepare[0]: TEMPORARY stands where TABLE belongs: what it makes is not kept",
      verifier: "prepare[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "update_by_a_query",
    what: "Writes what stands in another table.",
    mode: "upsert",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE {col:1} = VALUES({col:1}), {col:2} = (SELECT max(secret) FROM other)",
      },
    },
    refused: {
      recipe: "insert.sql: ( SELECT stands where VALUES belongs: it reads what was not sent",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "update_of_one_column",
    what: "Leaves a column as it was.",
    mode: "upsert",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE {col:1} = VALUES({col:1})",
      },
    },
    refused: {
      recipe: "insert.sql: its end stands where , belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "update_of_the_key",
    what: "Moves a row to another key.",
    mode: "upsert",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE {col:0} = VALUES({col:0}) + 70, {col:1} = VALUES({col:1}), {col:2} = VALUES({col:2})",
      },
    },
    refused: {
      recipe: "insert.sql: {col:0} stands where {col:1} belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "update_that_keeps_what_is_there",
    what: "Says that a row was taken, and keeps the old one.",
    mode: "upsert",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE {col:1} = {col:1}, {col:2} = {col:2}",
      },
    },
    refused: {
      recipe: "insert.sql: {col:1} stands where VALUES belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "update_to_null",
    what: "Takes away what was there.",
    mode: "upsert",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE {col:1} = VALUES({col:1}), {col:2} = NULL",
      },
    },
    refused: {
      recipe:
        "insert.sql: NULL stands where VALUES belongs: a value that was sent would not be kept",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "update_twice_of_one_column",
    what: "Assigns one column twice.",
    mode: "upsert",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE {col:1} = VALUES({col:1}), {col:2} = VALUES({col:2}), {col:1} = VALUES({col:2})",
      },
    },
    refused: {
      recipe: "insert.sql: , stands where its end belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "update_under_a_condition",
    what: "Updates only some rows.",
    mode: "upsert",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE {col:1} = IF(VALUES({col:0}) > 5, VALUES({col:1}), {col:1}), {col:2} = VALUES({col:2})",
      },
    },
    refused: {
      recipe: "insert.sql: IF stands where VALUES belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "updates_swapped",
    what: "Writes values into each other's columns.",
    mode: "upsert",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE {col:1} = VALUES({col:2}), {col:2} = VALUES({col:1})",
      },
    },
    refused: {
      recipe: "insert.sql: {col:2} stands where {col:1} belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "upsert_that_ignores",
    what: "Keeps the old rows.",
    mode: "upsert",
    plan: { write: { insert: "INSERT IGNORE INTO {table} ({columns}) VALUES {rows}" } },
    refused: {
      recipe:
        "insert.sql: IGNORE stands where INTO belongs: rows that do not fit would be lost without a word",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "upsert_that_keeps_the_old_row",
    what: "Keeps rows whose key is there as they are.",
    mode: "upsert",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE {col:0} = {col:0}",
      },
    },
    refused: {
      recipe: "insert.sql: {col:0} stands where {col:1} belongs",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
];
