/**
 * Hostile plans for PostgreSQL that
 * lose, double, change or add rows of the target.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "abort",
    what: "Undoes a batch, which is reported as written.",
    plan: { merge: ["ABORT"] },
    refused: {
      recipe:
        "merge[0]: no statement may stand there, and ABORT does: transactions are the loader's alone",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "any_of_equal_keys",
    what: "Takes another one of equal keys than the last.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {col:1} ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}",
      ],
    },
    refused: {
      recipe: "merge[0]: {col:1} stands where {ordinal} belongs",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "aside_of_another_table",
    what: "Begins with the rows of another table.",
    mode: "replace",
    plan: { prepare: ["CREATE TABLE {aside} AS SELECT {columns} FROM other"] },
    refused: {
      recipe: "prepare[0]: OTHER stands where {table} belongs",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "assignment_of_a_query",
    what: "Sets columns to what another table has.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET ({col:1}, {col:2}) = (SELECT secret, secret FROM other LIMIT 1)",
      ],
    },
    refused: {
      recipe: "merge[0]: ( {col:1} stands where {col:1} belongs",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "assignment_of_another_column",
    what: "Swaps two columns.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:2}, {col:2} = EXCLUDED.{col:1}",
      ],
    },
    refused: {
      recipe: "merge[0]: {col:2} stands where {col:1} belongs",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "assignment_of_null",
    what: "Empties a column.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = NULL, {col:2} = EXCLUDED.{col:2}",
      ],
    },
    refused: {
      recipe:
        "merge[0]: NULL stands where EXCLUDED belongs: a value that was sent would not be kept",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "assignment_of_the_old_value",
    what: "Keeps what the row had.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = {table}.{col:1}, {col:2} = EXCLUDED.{col:2}",
      ],
    },
    refused: {
      recipe: "merge[0]: {table} stands where EXCLUDED belongs",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "assignment_that_is_missing",
    what: "Leaves a column as it was.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}",
      ],
    },
    refused: {
      recipe: "merge[0]: its end stands where , belongs",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "commit",
    what: "Ends the transaction of a batch, which can then not be undone.",
    plan: { merge: ["COMMIT"] },
    refused: {
      recipe:
        "merge[0]: no statement may stand there, and COMMIT does: transactions are the loader's alone",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "conflict_ignored_in_an_append",
    what: "Leaves out rows whose key is there, and says nothing.",
    found: "keyed",
    plan: {
      write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT DO NOTHING" },
    },
    refused: {
      recipe: "insert.sql: ON stands where its end belongs",
      verifier: "insert.sql: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "conflict_on_a_constraint",
    what: "Names a constraint, and keeps the old row.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ON CONSTRAINT t_pkey DO NOTHING",
      ],
    },
    refused: {
      recipe: "merge[0]: ON stands where ( belongs",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "conflict_that_does_nothing",
    what: "Drops rows whose key is there.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO NOTHING",
      ],
    },
    refused: {
      recipe:
        "merge[0]: NOTHING stands where UPDATE belongs: rows that do not fit would be lost without a word",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "conflict_with_a_condition",
    what: "Drops rows that it does not like.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2} WHERE EXCLUDED.{col:0} > 1",
      ],
    },
    refused: {
      recipe: "merge[0]: WHERE stands where its end belongs: it could leave out some of the rows",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "delete_at_the_end_of_an_append",
    what: "Empties it once everything is in.",
    plan: { finish: ["DELETE FROM {table}"] },
    refused: {
      recipe:
        "finish[0]: no statement may stand there, and DELETE FROM {table} does: a plan deletes no rows, except all of a table that a replace fills again",
      verifier: "finish[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "delete_in_an_append",
    what: "Empties it row by row.",
    plan: { prepare: ["DELETE FROM {table}"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and DELETE FROM {table} does: a plan deletes no rows, except all of a table that a replace fills again",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "explain_analyze",
    what: "Has the server do it, to see how.",
    plan: { prepare: ["EXPLAIN ANALYZE DELETE FROM {table}"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and EXPLAIN ANALYZE DELETE does: a plan deletes no rows, except all of a table that a replace fills again",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "first_of_equal_keys",
    what: "Has the first of equal keys win.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} ASC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}",
      ],
    },
    refused: {
      recipe: "merge[0]: ASC stands where DESC belongs: of rows with one key the first would win",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_of_all_but_the_first",
    what: "Leaves the first row of each statement out.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) SELECT * FROM (VALUES {rows}) AS r OFFSET 1",
      },
    },
    refused: {
      recipe:
        "insert.sql: SELECT stands where OVERRIDING or VALUES belongs: it reads what was not sent",
      verifier: "insert.sql: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_of_another_table_too",
    what: "Adds the rows of another table.",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} UNION ALL SELECT {columns} FROM other",
      },
    },
    refused: {
      recipe:
        "insert.sql: UNION stands where its end belongs: it could add rows that were not sent",
      verifier: "insert.sql: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_of_nulls",
    what: "Empties a column on its way.",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) SELECT column1, NULLIF(column2, column2), column3 FROM (VALUES {rows}) AS r",
      },
    },
    refused: {
      recipe:
        "insert.sql: SELECT stands where OVERRIDING or VALUES belongs: it reads what was not sent",
      verifier: "insert.sql: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_of_one_row",
    what: "Loads one row of each statement.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) SELECT * FROM (VALUES {rows}) AS r LIMIT 1",
      },
    },
    refused: {
      recipe:
        "insert.sql: SELECT stands where OVERRIDING or VALUES belongs: it reads what was not sent",
      verifier: "insert.sql: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_of_rows_that_meet_a_condition",
    what: "Loads some of the rows.",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) SELECT * FROM (VALUES {rows}) AS r WHERE column1 > 1",
      },
    },
    refused: {
      recipe:
        "insert.sql: SELECT stands where OVERRIDING or VALUES belongs: it reads what was not sent",
      verifier: "insert.sql: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_of_some_columns_of_a_server",
    what: "Writes one column of each row.",
    plan: { write: { insert: "INSERT INTO {table} ({col:0}) VALUES {rows}", row: "({value:0})" } },
    refused: {
      recipe: "insert.row: ) stands where , belongs",
      verifier: "insert.sql: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_of_swapped_columns_of_a_server",
    what: "Writes each value into the column beside its own.",
    plan: { write: { insert: "INSERT INTO {table} ({col:0}, {col:2}, {col:1}) VALUES {rows}" } },
    refused: {
      recipe: "insert.sql: {col:0} stands where {columns} belongs",
      verifier: "insert.sql: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_without_columns",
    what: "Leaves the order of the columns to the table.",
    found: "reordered",
    plan: { write: { insert: "INSERT INTO {table} VALUES {rows}" } },
    refused: {
      recipe: "insert.sql: VALUES stands where ( belongs",
      verifier: "insert.sql: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "merge_into",
    what: "Merges as SQL has it, and deletes what matches.",
    plan: {
      finish: [
        "MERGE INTO {table} AS x USING other ON x.{col:0} = 1 AND other.{col:0} = 5 WHEN MATCHED THEN DELETE",
      ],
    },
    refused: {
      recipe:
        "finish[0]: no statement may stand there, and MERGE INTO {table} does: it could leave out some of the rows",
      verifier: "finish[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "merge_twice",
    what: "Merges each batch twice.",
    plan: {
      stage: [
        "CREATE TEMP TABLE {staging} ON COMMIT DELETE ROWS AS SELECT {columns}, CAST(0 AS bigint) AS {ordinal} FROM {table} WITH NO DATA",
      ],
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({values}, {ordinal})",
      },
      merge: [
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging}",
      ],
    },
    refused: {
      recipe:
        "merge[1]: no statement may stand there, and INSERT INTO {table} does: it reads what was not sent",
    },
    harm: ["rows of the table"],
  },
  {
    name: "ordinal_among_the_values",
    what: "Puts a row's number into a column.",
    mode: "upsert",
    plan: {
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({value:0}, {ordinal}, {value:2}, {value:0})",
      },
    },
    refused: { recipe: "insert.row: {ordinal} stands where {value:1} belongs" },
    harm: ["rows of the table"],
  },
  {
    name: "overriding_user_value",
    what: "Has an identity column count for itself, whatever the rows say.",
    found: "counting",
    plan: {
      write: { insert: "INSERT INTO {table} ({columns}) OVERRIDING USER VALUE VALUES {rows}" },
    },
    refused: {
      recipe: "insert.sql: USER stands where SYSTEM belongs: it changes who may do what",
      verifier: "insert.sql: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "replace_that_swaps_columns",
    what: "Swaps columns as it puts new rows in the place of the old ones.",
    mode: "replace",
    plan: {
      finish: [
        "TRUNCATE TABLE {table}",
        "INSERT INTO {table} ({columns}) SELECT {col:0}, {col:2}, {col:1} FROM {aside}",
      ],
    },
    refused: {
      recipe: "finish[1]: {col:0} stands where {columns} belongs",
      verifier: "finish[1]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "rollback",
    what: "Undoes what the host believes is done.",
    plan: { merge: ["ROLLBACK"] },
    refused: {
      recipe:
        "merge[0]: no statement may stand there, and ROLLBACK does: transactions are the loader's alone",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_cast_that_cuts",
    what: "Keeps one letter of each text: a cast cuts where a column would refuse.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, CAST({value:1} AS varchar(1)), {value:2})",
      },
    },
    refused: {
      recipe:
        "insert.row: CAST stands where {value:1} belongs: it could change a value that is then counted as loaded",
      verifier: "insert.sql: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_with_a_constant_of_a_server",
    what: "Puts a value of its own in.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {value:1}, 7)",
      },
    },
    refused: {
      recipe: "insert.row: 7 stands where {value:2} belongs",
      verifier: "insert.sql: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_with_swapped_values_of_a_server",
    what: "Puts values into each other's columns.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {value:2}, {value:1})",
      },
    },
    refused: { recipe: "insert.row: {value:2} stands where {value:1} belongs" },
    harm: ["rows of the table"],
  },
  {
    name: "savepoint_around_a_delete",
    what: "Deletes within a savepoint of its own.",
    plan: { merge: ["SAVEPOINT mine", "DELETE FROM {table}", "RELEASE mine"] },
    refused: {
      recipe:
        "merge[0]: no statement may stand there, and SAVEPOINT MINE does: transactions are the loader's alone",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "staging_of_another_table",
    what: "Copies another table.",
    mode: "upsert",
    plan: {
      stage: [
        "CREATE TEMP TABLE {staging} AS SELECT {columns}, CAST(0 AS bigint) AS {ordinal} FROM other",
      ],
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({values}, {ordinal})",
      },
    },
    refused: {
      recipe: "stage[0]: AS stands where ON belongs",
      verifier: "stage[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "staging_that_is_doubled",
    what: "Merges each row twice.",
    plan: {
      stage: [
        "CREATE TEMP TABLE {staging} ON COMMIT DELETE ROWS AS SELECT {columns}, CAST(0 AS bigint) AS {ordinal} FROM {table} WITH NO DATA",
      ],
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({values}, {ordinal})",
      },
      merge: [
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging} UNION ALL SELECT {columns} FROM {staging}",
      ],
    },
    refused: {
      recipe:
        "merge[0]: UNION stands where ORDER or its end belongs: it could add rows that were not sent",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "staging_that_is_merged_in_part",
    what: "Drops rows on the way from staging.",
    plan: {
      stage: [
        "CREATE TEMP TABLE {staging} ON COMMIT DELETE ROWS AS SELECT {columns}, CAST(0 AS bigint) AS {ordinal} FROM {table} WITH NO DATA",
      ],
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({values}, {ordinal})",
      },
      merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging} LIMIT 1"],
    },
    refused: {
      recipe:
        "merge[0]: LIMIT stands where ORDER or its end belongs: it could leave out some of the rows",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "staging_that_is_never_merged",
    what: "Sends rows where they vanish.",
    plan: {
      stage: [
        "CREATE TEMP TABLE {staging} ON COMMIT DELETE ROWS AS SELECT {columns}, CAST(0 AS bigint) AS {ordinal} FROM {table} WITH NO DATA",
      ],
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({values}, {ordinal})",
      },
    },
    refused: { recipe: "merge[0]: a statement is missing: one that begins with INSERT" },
    harm: ["rows of the table"],
  },
  {
    name: "staging_that_keeps_its_rows",
    what: "Merges each batch once more with the next.",
    plan: {
      stage: [
        "CREATE TEMP TABLE {staging} AS SELECT {columns}, CAST(0 AS bigint) AS {ordinal} FROM {table} WITH NO DATA",
      ],
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({values}, {ordinal})",
      },
      merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging}"],
    },
    refused: {
      recipe: "stage[0]: AS stands where ON belongs",
      verifier: "stage[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "staging_that_swaps_columns",
    what: "Swaps columns on the way from staging.",
    plan: {
      stage: [
        "CREATE TEMP TABLE {staging} ON COMMIT DELETE ROWS AS SELECT {columns}, CAST(0 AS bigint) AS {ordinal} FROM {table} WITH NO DATA",
      ],
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({values}, {ordinal})",
      },
      merge: ["INSERT INTO {table} ({columns}) SELECT {col:0}, {col:2}, {col:1} FROM {staging}"],
    },
    refused: {
      recipe: "merge[0]: {col:0} stands where {columns} belongs",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "truncate_in_an_append",
    what: "Empties the table that rows are added to.",
    plan: { prepare: ["TRUNCATE TABLE {table}"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and TRUNCATE TABLE {table} does: a plan removes nothing but what its own recipe names",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "update_in_an_append",
    what: "Empties a column.",
    plan: { merge: ["UPDATE {table} SET {col:1} = NULL"] },
    refused: {
      recipe:
        "merge[0]: no statement may stand there, and UPDATE {table} SET does: a plan changes rows only by the keys of an upsert",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
];
