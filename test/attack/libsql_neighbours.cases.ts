/**
 * Hostile plans for SQLite and libSQL that
 * are like a recipe in all but a word or its place.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "staging_merged_in_part",
    what: "Loses rows on their way from staging.",
    plan: {
      stage: [
        "CREATE TEMP TABLE {staging} AS SELECT {columns}, 0 AS {ordinal} FROM {table} WHERE 0",
      ],
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({values}, {ordinal})",
      },
      merge: [
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging} ORDER BY {ordinal} LIMIT 1",
      ],
    },
    refused: {
      recipe: "merge[0]: LIMIT stands where its end belongs: it could leave out some of the rows",
      verifier: "insert.sql: in a rehearsal, SQLite holds other rows afterwards than were loaded",
    },
    harm: ["rows of the table"],
  },
  {
    name: "staging_of_what_is_there",
    what: "Stages the rows that the table has, and adds them once more.",
    plan: {
      stage: [
        "CREATE TEMP TABLE {staging} AS SELECT {columns}, 0 AS {ordinal} FROM {table} WHERE 1",
      ],
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({values}, {ordinal})",
      },
      merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging} ORDER BY {ordinal}"],
    },
    refused: {
      recipe: "stage[0]: 1 stands where 0 belongs",
      verifier: "merge[0]: SQLite does not take it: UNIQUE constraint failed: t.id",
    },
    harm: ["rows of the table"],
  },
  {
    name: "staging_merged_from_the_first",
    what: "Of rows with one key, keeps the first.",
    mode: "upsert",
    plan: {
      stage: [
        "CREATE TEMP TABLE {staging} AS SELECT {columns}, 0 AS {ordinal} FROM {table} WHERE 0",
      ],
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({values}, {ordinal})",
      },
      merge: [
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging} ORDER BY {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}",
      ],
    },
    refused: {
      recipe: "merge[0]: DESC stands where ON belongs",
      verifier: "insert.sql: in a rehearsal, SQLite holds other rows afterwards than were loaded",
    },
    harm: ["rows of the table"],
  },
  {
    name: "staging_that_ignores",
    what: "Leaves rows out whose keys are there.",
    plan: {
      stage: [
        "CREATE TEMP TABLE {staging} AS SELECT {columns}, 0 AS {ordinal} FROM {table} WHERE 0",
      ],
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({values}, {ordinal})",
      },
      merge: [
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging} ORDER BY {ordinal} ON CONFLICT DO NOTHING",
      ],
    },
    refused: {
      recipe: "merge[0]: ON stands where its end belongs",
      verifier: "insert.sql: in a rehearsal, SQLite takes rows whose keys are there already",
    },
    harm: ["rows of the table"],
    found: "keyed",
  },
  {
    name: "staging_of_another_table",
    what: "Reads another table as it stages.",
    plan: {
      stage: ["CREATE TEMP TABLE {staging} AS SELECT {columns}, 0 AS {ordinal} FROM other"],
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({values}, {ordinal})",
      },
      merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging} ORDER BY {ordinal}"],
    },
    refused: {
      recipe: "stage[0]: OTHER stands where {table} belongs",
      verifier: "stage[0]: SQLite does not take it: no such table: other",
    },
    harm: ["rows of the table"],
  },
  {
    name: "statistics_rewritten",
    what: "Writes statistics by hand.",
    plan: { finish: ["ANALYZE {table}", "DELETE FROM sqlite_stat1", "DELETE FROM other"] },
    refused: {
      recipe:
        "finish[1]: no statement may stand there, and DELETE FROM SQLITE_STAT1 does: a plan deletes no rows, except all of a table that a replace fills again",
      verifier: "finish[1]: to SQLite it asks for DELETE of sqlite_stat1",
    },
    harm: ["another table"],
  },
  {
    name: "statistics_of_another_table",
    what: "Drops another table behind the statistics.",
    plan: { finish: ["ANALYZE {table}", "DROP TABLE other"] },
    refused: {
      recipe:
        "finish[1]: no statement may stand there, and DROP TABLE OTHER does: a plan removes nothing but what its own recipe names",
      verifier: "finish[1]: SQLite does not take it: no such table: other",
    },
    harm: ["another table"],
  },
];
