/**
 * Hostile plans for DuckDB that
 * lose, double, change or add rows of the target.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "aside_with_old_rows",
    what: "Begins with the rows that were there.",
    mode: "replace",
    plan: { prepare: ["CREATE TABLE {aside} AS SELECT {columns} FROM {table} LIMIT 1"] },
    refused: {
      recipe: "prepare[0]: LIMIT stands where WITH belongs: it could leave out some of the rows",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "asof_join",
    what: "The nearest row of another table.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT o.id, o.a, o.b FROM {staging} AS s ASOF JOIN other AS o ON s.id >= o.id",
      ],
    },
    refused: {
      recipe: "merge[0]: O stands where ON belongs",
      verifier: "merge[0]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "begin_in_between",
    what: "Undoes what a batch has staged, and merges nothing.",
    mode: "upsert",
    plan: {
      merge: [
        "ROLLBACK",
        "BEGIN TRANSACTION",
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}",
      ],
    },
    refused: {
      recipe: "merge[0]: ROLLBACK stands where INSERT belongs: transactions are the loader's alone",
      verifier: "merge[0]: to DuckDB it is a statement of another kind",
    },
    harm: ["rows of the table"],
  },
  {
    name: "commit_in_between",
    what: "Ends the transaction of a batch, which can then not be undone.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}",
        "COMMIT",
        "BEGIN TRANSACTION",
      ],
    },
    refused: {
      recipe:
        "merge[1]: no statement may stand there, and COMMIT does: transactions are the loader's alone",
      verifier: "merge[1]: to DuckDB it is a statement of another kind",
    },
    harm: ["rows of the table"],
  },
  {
    name: "databases_of_the_engine",
    what: "Loads what the engine knows of databases.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT 77, database_name, internal FROM duckdb_databases() LIMIT 1",
      ],
    },
    refused: {
      recipe: "merge[0]: 77 stands where DISTINCT belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "delete_at_the_end_of_an_append",
    what: "Rows that were there are gone.",
    plan: { finish: ["DELETE FROM {table}"] },
    refused: {
      recipe:
        "finish[0]: no statement may stand there, and DELETE FROM {table} does: a plan deletes no rows, except all of a table that a replace fills again",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "delete_in_an_append",
    what: "Rows that were there are gone.",
    plan: { prepare: ["DELETE FROM {table}"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and DELETE FROM {table} does: a plan deletes no rows, except all of a table that a replace fills again",
      verifier: "prepare[0]: to DuckDB it is a statement of another kind",
    },
    harm: ["rows of the table"],
  },
  {
    name: "delete_using",
    what: "Deletes by another table.",
    mode: "replace",
    plan: {
      finish: [
        "DELETE FROM {table} USING other WHERE other.id = 99",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
      ],
    },
    refused: {
      recipe: "finish[0]: USING stands where its end belongs: it could leave out some of the rows",
      verifier: "finish[0]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "explain_analyze",
    what: "Runs a statement to explain it.",
    plan: { prepare: ["EXPLAIN ANALYZE DELETE FROM {table}"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and EXPLAIN ANALYZE DELETE does: a plan deletes no rows, except all of a table that a replace fills again",
      verifier: "prepare[0]: to DuckDB it is a statement of another kind",
    },
    harm: ["rows of the table"],
  },
  {
    name: "from_first",
    what: "A query may begin with FROM.",
    mode: "upsert",
    plan: { merge: ["INSERT INTO {table} FROM (FROM other SELECT id, a, b)"] },
    refused: {
      recipe: "merge[0]: FROM stands where ( belongs: it reads what was not sent",
      verifier: "merge[0]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "glob_of_files",
    what: "Tells the names of files.",
    mode: "upsert",
    plan: {
      merge: ["INSERT INTO {table} ({col:0}, {col:1}) SELECT 77, file FROM glob(secret.csv)"],
    },
    refused: {
      recipe: "merge[0]: {col:0} stands where {columns} belongs",
      verifier: "merge[0]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_by_name",
    what: "Columns go by the names of a query.",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} BY NAME SELECT col0 AS id, col2 AS a, col1 AS b FROM (VALUES {rows}) AS r",
      },
    },
    refused: {
      recipe: "insert.sql: BY stands where ( belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_by_position",
    what: "Columns go by their places.",
    plan: {
      write: {
        insert: "INSERT INTO {table} BY POSITION SELECT col0, col2, col1 FROM (VALUES {rows}) AS r",
      },
    },
    refused: {
      recipe: "insert.sql: BY stands where ( belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_default_values",
    what: "A row of defaults.",
    plan: { finish: ["INSERT INTO {table} DEFAULT VALUES"] },
    refused: {
      recipe:
        "finish[0]: no statement may stand there, and INSERT INTO {table} does: a value that was sent would not be kept",
      verifier: "finish[0]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_from_first",
    what: "The rows of another table, with FROM in front.",
    mode: "replace",
    plan: {
      finish: ["DELETE FROM {table}", "INSERT INTO {table} FROM (FROM other SELECT id, a, b)"],
    },
    refused: {
      recipe: "finish[1]: FROM stands where ( belongs: it reads what was not sent",
      verifier: "finish[1]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_of_one_row_of_an_engine",
    what: "Loads one row of each statement.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) SELECT * FROM (VALUES {rows}) AS r LIMIT 1",
      },
    },
    refused: {
      recipe: "insert.sql: SELECT stands where VALUES belongs: it reads what was not sent",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_of_some_columns",
    what: "A column is left out.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({col:0}, {col:1}) VALUES {rows}",
        row: "({value:0}, {value:1})",
      },
    },
    refused: {
      recipe: "insert.row: ) stands where , belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_of_swapped_columns",
    what: "Columns are swapped on their way.",
    plan: { write: { insert: "INSERT INTO {table} ({col:0}, {col:2}, {col:1}) VALUES {rows}" } },
    refused: {
      recipe: "insert.sql: {col:0} stands where {columns} belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_or_ignore",
    what: "Rows that are there stay, and are counted.",
    found: "keyed",
    plan: { write: { insert: "INSERT OR IGNORE INTO {table} ({columns}) VALUES {rows}" } },
    refused: {
      recipe: "insert.sql: OR stands where INTO belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB takes rows whose keys are there",
    },
    harm: ["rows of the table"],
  },
  {
    name: "insert_or_replace",
    what: "Rows of any unique key are replaced.",
    found: "keyed",
    plan: { write: { insert: "INSERT OR REPLACE INTO {table} ({columns}) VALUES {rows}" } },
    refused: {
      recipe: "insert.sql: OR stands where INTO belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB takes rows whose keys are there",
    },
    harm: ["rows of the table"],
  },
  {
    name: "merge_from_another_table",
    what: "Rows come from elsewhere.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM other ORDER BY {keys} ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}",
      ],
    },
    refused: {
      recipe: "merge[0]: OTHER stands where {staging} belongs",
      verifier: "merge[0]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "merge_into",
    what: "Another statement that merges.",
    mode: "upsert",
    plan: { merge: ["MERGE INTO {table} USING {staging} USING ({keys}) WHEN MATCHED THEN DELETE"] },
    refused: {
      recipe: "merge[0]: MERGE stands where INSERT belongs",
      verifier: "merge[0]: to DuckDB it is a statement of another kind",
    },
    harm: ["rows of the table"],
  },
  {
    name: "merge_of_a_sample",
    what: "Some rows are lost, by chance.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} USING SAMPLE 1 ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}",
      ],
    },
    refused: {
      recipe: "merge[0]: USING stands where ORDER belongs: it could leave out some of the rows",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "merge_of_another_column",
    what: "A column gets the value of another.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:1}",
      ],
    },
    refused: {
      recipe: "merge[0]: {col:1} stands where {col:2} belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "merge_of_one_column",
    what: "A column is not updated.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}",
      ],
    },
    refused: {
      recipe: "merge[0]: its end stands where , belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "merge_of_some_rows",
    what: "Some rows are lost.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} WHERE {ordinal} > 5 ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}",
      ],
    },
    refused: {
      recipe: "merge[0]: WHERE stands where ORDER belongs: it could leave out some of the rows",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "merge_of_the_first",
    what: "Of rows with one key the first would stay.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}",
      ],
    },
    refused: {
      recipe: "merge[0]: ON stands where DESC belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "merge_of_the_old_value",
    what: "A column stays as it is.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = {table}.{col:2}",
      ],
    },
    refused: {
      recipe: "merge[0]: {table} stands where EXCLUDED belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "merge_that_does_nothing",
    what: "Rows that are there stay as they are.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO NOTHING",
      ],
    },
    refused: {
      recipe:
        "merge[0]: NOTHING stands where UPDATE belongs: rows that do not fit would be lost without a word",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "merge_that_qualifies",
    what: "Rows are chosen by a window.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} QUALIFY row_number() OVER () = 1 ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}",
      ],
    },
    refused: {
      recipe: "merge[0]: QUALIFY stands where ORDER belongs: it could leave out some of the rows",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "merge_with_a_condition",
    what: "Some rows stay as they are.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2} WHERE {col:1} IS NULL",
      ],
    },
    refused: {
      recipe: "merge[0]: WHERE stands where its end belongs: it could leave out some of the rows",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "merge_without_an_order",
    what: "Of rows with one key any may stay.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}",
      ],
    },
    refused: {
      recipe: "merge[0]: ON stands where ORDER belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "positional_join",
    what: "Tables side by side.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT o.id, o.a, o.b FROM {staging} AS s POSITIONAL JOIN other AS o WHERE o.id > 0",
      ],
    },
    refused: {
      recipe: "merge[0]: O stands where DISTINCT belongs",
      verifier: "merge[0]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "range_for_the_rows",
    what: "Replaces the rows by numbers.",
    mode: "replace",
    plan: {
      finish: [
        "DELETE FROM {table}",
        "INSERT INTO {table} ({columns}) SELECT range, range, range FROM range(50)",
      ],
    },
    refused: {
      recipe: "finish[1]: RANGE stands where {columns} belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than were loaded",
    },
    harm: ["rows of the table"],
  },
  {
    name: "read_a_blob_file",
    what: "Fills the table from the bytes of a file, in an upsert.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}",
        "INSERT INTO {table} ({col:0}, {col:1}) SELECT 77, CAST(content AS VARCHAR) FROM read_blob(secret.csv)",
      ],
    },
    refused: {
      recipe:
        "merge[1]: no statement may stand there, and INSERT INTO {table} does: it reads what was not sent",
      verifier: "merge[1]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "read_a_file_without_quotes",
    what: "Reads a file by a name that is a word.",
    mode: "upsert",
    plan: { merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM read_csv(secret.csv)"] },
    refused: {
      recipe: "merge[0]: {columns} stands where DISTINCT belongs",
      verifier: "merge[0]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "read_a_json_file",
    what: "Fills the table from a file, with no quote in sight.",
    mode: "upsert",
    plan: {
      merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM read_json(secret.json)"],
    },
    refused: {
      recipe: "merge[0]: {columns} stands where DISTINCT belongs",
      verifier: "merge[0]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "replace_at_once",
    what: "Rows go into the table itself.",
    mode: "replace",
    plan: {
      write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}" },
      finish: ["DELETE FROM {table}"],
    },
    refused: {
      recipe: "insert.sql: {table} stands where {aside} belongs",
      verifier: "insert.sql: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "replace_by_nothing",
    what: "Nothing is left.",
    mode: "replace",
    plan: { finish: ["DELETE FROM {table}"] },
    refused: {
      recipe: "finish[1]: a statement is missing: one that begins with INSERT",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "replace_from_another_table",
    what: "Rows come from elsewhere.",
    mode: "replace",
    plan: {
      finish: [
        "DELETE FROM {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM other",
      ],
    },
    refused: {
      recipe: "finish[1]: OTHER stands where {aside} belongs",
      verifier: "finish[1]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "replace_of_distinct_rows",
    what: "Rows that are alike are lost.",
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
    },
    harm: ["rows of the table"],
  },
  {
    name: "replace_of_some_rows",
    what: "Rows are lost.",
    mode: "replace",
    plan: {
      finish: [
        "DELETE FROM {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside} LIMIT 1",
      ],
    },
    refused: {
      recipe: "finish[1]: LIMIT stands where its end belongs: it could leave out some of the rows",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "replace_twice",
    what: "Rows come twice.",
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
      verifier: "finish[2]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "replace_without_emptying",
    what: "Old rows stay beside the new ones.",
    mode: "replace",
    plan: { finish: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}"] },
    refused: {
      recipe: "finish[0]: INSERT stands where DELETE belongs",
      verifier: "finish[0]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_cast_to_less",
    what: "A value loses what does not fit.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, TRY_CAST({value:1} AS TINYINT), {value:2})",
      },
    },
    refused: {
      recipe:
        "insert.row: TRY_CAST stands where {value:1} belongs: it could change a value that is then counted as loaded",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_of_a_function",
    what: "A value goes through a function.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, upper({value:1}), {value:2})",
      },
    },
    refused: {
      recipe: "insert.row: UPPER stands where {value:1} belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_of_a_query",
    what: "A value comes from another table.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, (SELECT min(secret) FROM other), {value:2})",
      },
    },
    refused: {
      recipe: "insert.row: ( SELECT stands where {value:1} belongs: it reads what was not sent",
      verifier: "insert.sql: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_of_a_type",
    what: "Says the type of a value for the value.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, typeof({value:1}), {value:2})",
      },
    },
    refused: {
      recipe: "insert.row: TYPEOF stands where {value:1} belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_of_a_version",
    what: "Says something else than the row.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, version(), {value:2})",
      },
    },
    refused: {
      recipe: "insert.row: VERSION stands where {value:1} belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_of_megabytes",
    what: "Makes much of little.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, repeat({value:1}, 10000), {value:2})",
      },
    },
    refused: {
      recipe: "insert.row: REPEAT stands where {value:1} belongs: it need not come to an end",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_with_a_constant",
    what: "A value is another one.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, 1, {value:1})",
      },
    },
    refused: {
      recipe: "insert.row: 1 stands where {value:1} belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_with_default",
    what: "A value is the column's default.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, DEFAULT, {value:1})",
      },
    },
    refused: {
      recipe:
        "insert.row: DEFAULT stands where {value:1} belongs: a value that was sent would not be kept",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_with_null",
    what: "A value is lost.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, NULL, {value:1})",
      },
    },
    refused: {
      recipe:
        "insert.row: NULL stands where {value:1} belongs: a value that was sent would not be kept",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "row_without_a_value",
    what: "One value is missing.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({col:0}, {col:1}) VALUES {rows}",
        row: "({value:0}, {value:1})",
      },
    },
    refused: {
      recipe: "insert.row: ) stands where , belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "settings_of_the_engine",
    what: "Tells how it is set.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT 77, name, value FROM duckdb_settings() LIMIT 1",
      ],
    },
    refused: {
      recipe: "merge[0]: 77 stands where DISTINCT belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "sniff_a_file",
    what: "Opens a file to look at its form.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({col:0}, {col:1}) SELECT 77, CAST(Columns AS VARCHAR) FROM sniff_csv(secret.csv)",
      ],
    },
    refused: {
      recipe: "merge[0]: {col:0} stands where {columns} belongs",
      verifier: "merge[0]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "staging_with_old_rows",
    what: "Loads the old rows once more, by other keys.",
    mode: "upsert",
    plan: {
      stage: [
        "DROP TABLE IF EXISTS {staging}",
        "CREATE TEMP TABLE {staging} AS SELECT {col:0} + 70 AS {col:0}, {col:1}, {col:2}, CAST(0 AS BIGINT) AS {ordinal} FROM {table}",
      ],
    },
    refused: {
      recipe: "stage[1]: {col:0} stands where {columns} belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "staging_without_ordinals",
    what: "Which row was the last is not known.",
    mode: "upsert",
    plan: {
      stage: [
        "DROP TABLE IF EXISTS {staging}",
        "CREATE TEMP TABLE {staging} AS SELECT {columns} FROM {table} WITH NO DATA",
      ],
      write: { insert: "INSERT INTO {staging} ({columns}) VALUES {rows}" },
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {col:1} ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}",
      ],
    },
    refused: { recipe: "stage[1]: FROM stands where , belongs: it reads what was not sent" },
    harm: ["rows of the table"],
  },
  {
    name: "table_of_a_text",
    what: "A text is a table's name.",
    mode: "upsert",
    plan: { merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM query_table(other)"] },
    refused: {
      recipe: "merge[0]: {columns} stands where DISTINCT belongs",
      verifier: "merge[0]: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "table_of_the_session_in_the_place_of_the_target",
    what: "Loads into a table that hides the target.",
    plan: {
      prepare: ["CREATE TEMP TABLE {table_name} AS SELECT {columns} FROM {table} LIMIT 0"],
      write: { insert: "INSERT INTO {table_name} ({columns}) VALUES {rows}" },
    },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and CREATE TEMP TABLE does: what it makes is not kept",
      verifier: "prepare[0]: in a rehearsal, DuckDB makes something else by it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "tables_of_the_catalogue",
    what: "Tells what else is there.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT 77, table_name, NULL FROM duckdb_tables() ORDER BY 2 LIMIT 1",
      ],
    },
    refused: {
      recipe: "merge[0]: 77 stands where DISTINCT belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "truncate_in_an_append",
    what: "Rows that were there are gone.",
    plan: { prepare: ["TRUNCATE {table}"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and TRUNCATE {table} does: a plan removes nothing but what its own recipe names",
      verifier: "prepare[0]: to DuckDB it is a statement of another kind",
    },
    harm: ["rows of the table"],
  },
  {
    name: "two_rows_of_one",
    what: "Each row comes twice.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({values}), ({values})",
      },
    },
    refused: {
      recipe: "insert.row: , stands where its end belongs",
      verifier: "insert.sql: DuckDB does not take it",
    },
    harm: ["rows of the table"],
  },
  {
    name: "unpivot",
    what: "Columns become rows.",
    mode: "upsert",
    plan: {
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) id, name, value FROM (UNPIVOT {staging} ON {col:1}, {col:2}) ORDER BY {keys}, name ON CONFLICT DO NOTHING",
      ],
    },
    refused: {
      recipe: "merge[0]: ID stands where {columns} belongs",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
  {
    name: "update_in_an_append",
    what: "Rows that were there are other ones.",
    plan: { prepare: ["UPDATE {table} SET {col:1} = NULL"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and UPDATE {table} SET does: a plan changes rows only by the keys of an upsert",
      verifier: "prepare[0]: to DuckDB it is a statement of another kind",
    },
    harm: ["rows of the table"],
  },
  {
    name: "upsert_without_staging",
    what: "Of keys that come twice the first stays.",
    mode: "upsert",
    plan: {
      stage: [],
      merge: [],
      write: {
        insert:
          "INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}",
      },
    },
    refused: {
      recipe: "stage[0]: a statement is missing: one that begins with CREATE",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than",
    },
    harm: ["rows of the table"],
  },
];
