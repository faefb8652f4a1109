/**
 * Hostile plans for SQLite that
 * lose, double, change or add rows of the target.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "aside_with_old_rows",
    what: "Begins with the rows that were there.",
    mode: "replace",
    plan: { prepare: ["CREATE TABLE {aside} AS SELECT {columns} FROM {table} WHERE 1"] },
    refused: {
      recipe: "prepare[0]: 1 stands where 0 belongs",
      verifier: "finish[1]: SQLite does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "assignment_of_another_column_of_a_file",
    what: "Swaps two columns.",
    mode: "upsert",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:2}, {col:2} = EXCLUDED.{col:1}",
      },
    },
    refused: {
      recipe: "insert.sql: {col:2} stands where {col:1} belongs",
      verifier: "insert.sql: in a rehearsal, SQLite holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "assignment_of_null_of_a_file",
    what: "Empties a column.",
    mode: "upsert",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT ({keys}) DO UPDATE SET {col:1} = NULL, {col:2} = EXCLUDED.{col:2}",
      },
    },
    refused: {
      recipe:
        "insert.sql: NULL stands where EXCLUDED belongs: a value that was sent would not be kept",
      verifier: "insert.sql: in a rehearsal, SQLite holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "assignment_of_the_old_value_of_a_file",
    what: "Keeps what the row had.",
    mode: "upsert",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT ({keys}) DO UPDATE SET {col:1} = {table}.{col:1}, {col:2} = EXCLUDED.{col:2}",
      },
    },
    refused: {
      recipe: "insert.sql: {table} stands where EXCLUDED belongs",
      verifier: "insert.sql: in a rehearsal, SQLite holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "assignment_that_is_missing_of_a_file",
    what: "Leaves a column as it was.",
    mode: "upsert",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}",
      },
    },
    refused: {
      recipe: "insert.sql: its end stands where , belongs",
      verifier: "insert.sql: in a rehearsal, SQLite holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "assignment_twice_of_a_file",
    what: "Sets one column twice and another not at all.",
    mode: "upsert",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:1} = EXCLUDED.{col:1}",
      },
    },
    refused: {
      recipe: "insert.sql: {col:1} stands where {col:2} belongs",
      verifier: "insert.sql: in a rehearsal, SQLite holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "conflict_that_does_nothing_of_a_file",
    what: "Drops rows whose key is there.",
    mode: "upsert",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT ({keys}) DO NOTHING",
      },
    },
    refused: {
      recipe:
        "insert.sql: NOTHING stands where UPDATE belongs: rows that do not fit would be lost without a word",
      verifier: "insert.sql: in a rehearsal, SQLite holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "conflict_with_a_condition_of_a_file",
    what: "Drops rows that it does not like.",
    mode: "upsert",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2} WHERE EXCLUDED.{col:0} > 1",
      },
    },
    refused: {
      recipe: "insert.sql: WHERE stands where its end belongs: it could leave out some of the rows",
    },
    harm: ["rows of the table"],
  },
  {
    name: "delete_at_the_end_of_an_append_of_a_file",
    what: "Empties it once everything is in.",
    plan: { finish: ["DELETE FROM {table}"] },
    refused: {
      recipe:
        "finish[0]: no statement may stand there, and DELETE FROM {table} does: a plan deletes no rows, except all of a table that a replace fills again",
      verifier: "finish[0]: to SQLite it asks for DELETE of t",
    },
    harm: ["rows of the table"],
  },
  {
    name: "delete_in_an_append_of_a_file",
    what: "Empties it row by row.",
    plan: { prepare: ["DELETE FROM {table}"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and DELETE FROM {table} does: a plan deletes no rows, except all of a table that a replace fills again",
      verifier: "prepare[0]: to SQLite it asks for DELETE of t",
    },
    harm: ["rows of the table"],
  },
  {
    name: "finish_with_the_image",
    what: "Fills the table of a replace from what a batch has on the way.",
    mode: "replace",
    plan: {
      finish: [
        "DELETE FROM {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM _snakepipe_image._snakepipe_rows",
      ],
    },
    refused: {
      recipe: "finish[1]: _SNAKEPIPE_IMAGE stands where {aside} belongs",
      verifier: "finish[1]: SQLite does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_of_another_table_too_of_a_file",
    what: "Adds the rows of another table.",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) SELECT * FROM (VALUES {rows}) UNION ALL SELECT id, secret, b FROM other",
      },
    },
    refused: {
      recipe: "insert.sql: SELECT stands where VALUES belongs: it reads what was not sent",
      verifier: "insert.sql: SQLite does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_of_some_columns",
    what: "Leaves a column out.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({col:0}, {col:1}) VALUES {rows}",
        row: "({value:0}, {value:1})",
      },
    },
    refused: {
      recipe: "insert.row: ) stands where , belongs",
      verifier: "insert.sql: in a rehearsal, SQLite holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_of_some_rows",
    what: "Drops rows as it writes them.",
    plan: {
      write: { insert: "INSERT INTO {table} ({columns}) SELECT * FROM (VALUES {rows}) LIMIT 1" },
    },
    refused: {
      recipe: "insert.sql: SELECT stands where VALUES belongs: it reads what was not sent",
      verifier: "insert.sql: in a rehearsal, SQLite holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_of_swapped_columns",
    what: "Writes each value into the column beside its own.",
    plan: { write: { insert: "INSERT INTO {table} ({col:0}, {col:2}, {col:1}) VALUES {rows}" } },
    refused: {
      recipe: "insert.sql: {col:0} stands where {columns} belongs",
      verifier: "insert.sql: in a rehearsal, SQLite holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_of_the_image",
    what: "Takes the rows of a batch by the name that they have on the way.",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) SELECT {columns} FROM _snakepipe_image._snakepipe_rows UNION ALL VALUES {rows}",
      },
    },
    refused: {
      recipe: "insert.sql: SELECT stands where VALUES belongs: it reads what was not sent",
      verifier: "insert.sql: SQLite does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_or_ignore",
    what: "Leaves out rows whose keys are there, and says nothing of it.",
    found: "keyed",
    plan: { write: { insert: "INSERT OR IGNORE INTO {table} ({columns}) VALUES {rows}" } },
    refused: {
      recipe: "insert.sql: OR stands where INTO belongs",
      verifier: "insert.sql: in a rehearsal, SQLite takes rows whose keys are there",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_or_replace",
    what: "Puts rows in the place of others, so that what refers to those is deleted with them.",
    found: "keyed",
    plan: { write: { insert: "INSERT OR REPLACE INTO {table} ({columns}) VALUES {rows}" } },
    refused: {
      recipe: "insert.sql: OR stands where INTO belongs",
      verifier: "insert.sql: to SQLite it asks for UPDATE of _snakepipe_referrer_2 id",
    },
    harm: ["rows of the table"],
  },
  {
    name: "pragma_query_only",
    what: "Makes every write fail.",
    plan: { session: ["PRAGMA query_only = ON"] },
    refused: {
      recipe:
        "session[0]: QUERY_ONLY stands where JOURNAL_MODE or SYNCHRONOUS or CACHE_SIZE or MMAP_SIZE or JOURNAL_SIZE_LIMIT or TEMP_STORE or FOREIGN_KEYS belongs",
    },
    harm: ["rows of the table"],
  },
  {
    name: "replace_at_once",
    what: "Writes into the table before everything is there.",
    mode: "replace",
    plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}" } },
    refused: {
      recipe: "insert.sql: {table} stands where {aside} belongs",
      verifier: "insert.sql: to SQLite it asks for INSERT of t",
    },
    harm: ["rows of the table"],
  },
  {
    name: "replace_by_nothing",
    what: "Empties the table and puts nothing there.",
    mode: "replace",
    plan: { finish: ["DELETE FROM {table}"] },
    refused: {
      recipe: "finish[1]: a statement is missing: one that begins with INSERT",
      verifier: "finish[0]: in a rehearsal, SQLite changes rows of tables that refer to",
    },
    harm: ["rows of the table"],
  },
  {
    name: "replace_from_another_table",
    what: "Moves the rows of another table.",
    mode: "replace",
    plan: {
      finish: [
        "DELETE FROM {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM other",
      ],
    },
    refused: {
      recipe: "finish[1]: OTHER stands where {aside} belongs",
      verifier: "finish[1]: SQLite does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "replace_from_itself",
    what: "Moves rows that are not there any more.",
    mode: "replace",
    plan: {
      finish: [
        "DELETE FROM {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}",
      ],
    },
    refused: {
      recipe: "finish[1]: {table} stands where {aside} belongs",
      verifier: "finish[1]: to SQLite it asks for READ of t id",
    },
    harm: ["rows of the table"],
  },
  {
    name: "replace_that_drops_rows",
    what: "Puts some rows less in the place of the old ones.",
    mode: "replace",
    plan: {
      finish: [
        "DELETE FROM {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside} LIMIT 1",
      ],
    },
    refused: {
      recipe: "finish[1]: LIMIT stands where its end belongs: it could leave out some of the rows",
      verifier: "insert.sql: in a rehearsal, SQLite holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "replace_twice",
    what: "Moves each row twice.",
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
      verifier: "finish[2]: SQLite does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "replace_without_emptying",
    what: "Adds where it should replace.",
    mode: "replace",
    plan: { finish: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}"] },
    refused: {
      recipe: "finish[0]: INSERT stands where DELETE belongs",
      verifier: "finish[0]: SQLite does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_cast_to_a_number",
    what: "Makes 0 of every text that is no number.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, CAST({value:1} AS INTEGER), {value:2})",
      },
    },
    refused: {
      recipe:
        "insert.row: CAST stands where {value:1} belongs: it could change a value that is then counted as loaded",
      verifier: "insert.sql: in a rehearsal, SQLite holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_cast_to_less",
    what: "Has a value cut.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {value:1}, CAST({value:2} AS name))",
      },
    },
    refused: {
      recipe:
        "insert.row: CAST stands where {value:2} belongs: it could change a value that is then counted as loaded",
      verifier: "insert.sql: in a rehearsal, SQLite holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_of_a_function",
    what: "Changes a value on its way.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, upper({value:1}), {value:2})",
      },
    },
    refused: {
      recipe: "insert.row: UPPER stands where {value:1} belongs",
      verifier: "insert.sql: to SQLite it asks for FUNCTION of upper",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_of_a_query",
    what: "Puts another row in its place.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, (SELECT secret FROM other), {value:2})",
      },
    },
    refused: {
      recipe: "insert.row: ( SELECT stands where {value:1} belongs: it reads what was not sent",
      verifier: "insert.sql: SQLite does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_of_shifted_values",
    what: "Puts values into the next column.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({col:0}, {col:2}) VALUES {rows}",
        row: "({value:0}, {value:1})",
      },
    },
    refused: {
      recipe: "insert.row: ) stands where , belongs",
      verifier: "insert.sql: in a rehearsal, SQLite holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_with_a_constant",
    what: "Puts a value of its own in.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {value:1}, 7)",
      },
    },
    refused: {
      recipe: "insert.row: 7 stands where {value:2} belongs",
      verifier: "insert.sql: in a rehearsal, SQLite holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_with_null",
    what: "Empties a column.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {value:1}, NULL)",
      },
    },
    refused: {
      recipe:
        "insert.row: NULL stands where {value:2} belongs: a value that was sent would not be kept",
      verifier: "insert.sql: in a rehearsal, SQLite holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_with_swapped_values",
    what: "Puts values into each other's columns.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:1}, {value:0}, {value:2})",
      },
    },
    refused: {
      recipe: "insert.row: {value:1} stands where {values} or {value:0} belongs",
      verifier: "insert.sql: SQLite does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "table_of_the_session_in_its_place",
    what: "Loads into a table that hides the target.",
    plan: {
      prepare: ["CREATE TEMP TABLE {table_name} AS SELECT {columns} FROM {table} WHERE 0"],
      write: { insert: "INSERT INTO {table_name} ({columns}) VALUES {rows}" },
    },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and CREATE TEMP TABLE does: what it makes is not kept",
      verifier: "prepare[0]: to SQLite it asks for INSERT of sqlite_temp_master",
    },
    harm: ["rows of the table"],
  },
  {
    name: "truncate_in_an_append_of_a_file",
    what: "Empties the table that rows are added to.",
    plan: { prepare: ["DELETE FROM {table}"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and DELETE FROM {table} does: a plan deletes no rows, except all of a table that a replace fills again",
      verifier: "prepare[0]: to SQLite it asks for DELETE of t",
    },
    harm: ["rows of the table"],
  },
  {
    name: "two_rows_of_one",
    what: "Writes each row twice.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({values}), ({values})",
      },
    },
    refused: {
      recipe: "insert.row: , stands where its end belongs",
      verifier: "insert.sql: SQLite does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "update_in_an_append_of_a_file",
    what: "Empties a column.",
    plan: { merge: ["UPDATE {table} SET {col:1} = NULL"] },
    refused: {
      recipe:
        "merge[0]: no statement may stand there, and UPDATE {table} SET does: a plan changes rows only by the keys of an upsert",
      verifier: "merge[0]: to SQLite it asks for UPDATE",
    },
    harm: ["rows of the table"],
  },
  {
    name: "upsert_without_conflict",
    what: "Adds where it should replace.",
    mode: "upsert",
    plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}" } },
    refused: {
      recipe: "insert.sql: its end stands where ON belongs",
      verifier: "insert.sql: SQLite does not take it",
    },
    harm: ["rows of the table"],
  },
];
