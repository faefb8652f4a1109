/**
 * Hostile plans for SQLite that
 * reach other tables, the ledger or the target's definition, or make what nobody asked for.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "create_a_virtual_table",
    what: "Makes a table of what an extension reads.",
    plan: { prepare: ["CREATE VIRTUAL TABLE v USING fts5(a)"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and CREATE VIRTUAL TABLE does: it could leave out some of the rows",
      verifier: "prepare[0]: to SQLite it asks for INSERT of sqlite_master",
    },
    harm: ["other objects"],
  },
  {
    name: "create_an_index_of_a_file",
    what: "Makes an index that nobody asked for.",
    plan: { prepare: ["CREATE INDEX mine ON {table} ({col:1})"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and CREATE INDEX MINE does: a plan makes its own tables and nothing else",
      verifier: "prepare[0]: to SQLite it asks for INSERT of sqlite_master",
    },
    harm: ["the table itself"],
  },
  {
    name: "create_of_a_query",
    what: "Makes the table of another one.",
    plan: { create: ["CREATE TABLE {table} AS SELECT secret FROM other"] },
    refused: {
      recipe: "create[0]: AS stands where ( belongs",
      verifier: "create[0]: SQLite does not take it",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "create_temporary",
    what: "Makes a table that vanishes.",
    plan: { create: ["CREATE TEMP TABLE {table} ({col:0} INTEGER, {col:1} TEXT, {col:2} TEXT)"] },
    refused: {
      recipe: "create[0]: TEMP stands where TABLE belongs: what it makes is not kept",
      verifier: "create[0]: to SQLite it asks for INSERT of sqlite_temp_master",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "create_with_a_check",
    what: "Refuses every row.",
    plan: {
      create: ["CREATE TABLE {table} ({col:0} INTEGER CHECK (0), {col:1} TEXT, {col:2} TEXT)"],
    },
    refused: {
      recipe: "create[0]: CHECK stands where one of 24 others belongs",
      verifier: "create[0]: SQLite does not take rows into it: CHECK constraint failed: 0",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "create_with_a_default",
    what: "Has values where there were none.",
    plan: {
      create: ["CREATE TABLE {table} ({col:0} INTEGER DEFAULT 7, {col:1} TEXT, {col:2} TEXT)"],
    },
    refused: {
      recipe: "create[0]: DEFAULT stands where one of 24 others belongs",
      verifier: "create[0]: to SQLite it makes other columns than those of the load",
    },
    harm: ["the table itself"],
  },
  {
    name: "create_with_a_generated_column",
    what: "Has a column that ignores what it is given.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} INTEGER, {col:1} TEXT GENERATED ALWAYS AS (1), {col:2} TEXT)",
      ],
    },
    refused: {
      recipe: "create[0]: GENERATED stands where one of 24 others belongs",
      verifier: "create[0]: to SQLite it makes other columns than those of the load",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "create_with_a_reference",
    what: "Ties the table to another one.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} INTEGER REFERENCES other, {col:1} TEXT, {col:2} TEXT)",
      ],
    },
    refused: {
      recipe: "create[0]: REFERENCES stands where one of 24 others belongs",
      verifier: "create[0]: SQLite does not take rows into it: no such table: main.other",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "create_with_conflict_replace",
    what: "Has each INSERT replace rows.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} INTEGER PRIMARY KEY ON CONFLICT REPLACE, {col:1} TEXT, {col:2} TEXT)",
      ],
    },
    refused: {
      recipe: "create[0]: PRIMARY stands where one of 24 others belongs",
      verifier: "insert.sql: to SQLite it asks for UPDATE of _snakepipe_referrer_2 id",
    },
    harm: ["the table itself"],
  },
  {
    name: "create_with_swapped_columns",
    what: "Makes it in another order.",
    plan: { create: ["CREATE TABLE {table} ({col:1} TEXT, {col:0} INTEGER, {col:2} TEXT)"] },
    refused: {
      recipe: "create[0]: {col:1} stands where {col:0} belongs",
      verifier: "create[0]: to SQLite it makes other columns than those of the load",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "create_without_a_column",
    what: "Leaves a column out.",
    plan: { create: ["CREATE TABLE {table} ({col:0} INTEGER, {col:1} TEXT)"] },
    refused: {
      recipe: "create[0]: ) stands where one of 24 others belongs",
      verifier: "create[0]: to SQLite it makes other columns than those of the load",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "drop_a_column_of_a_file",
    what: "Drops a column with all that is in it.",
    plan: { prepare: ["ALTER TABLE {table} DROP COLUMN {col:2}"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and ALTER TABLE {table} does: a plan changes no table, role or setting",
      verifier: "prepare[0]: to SQLite it asks for ALTER_TABLE of main t",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "drop_another_table_of_a_file",
    what: "Drops a table that it was not handed.",
    plan: { prepare: ["DROP TABLE other"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and DROP TABLE OTHER does: a plan removes nothing but what its own recipe names",
      verifier: "prepare[0]: SQLite does not take it",
    },
    harm: ["another table", "other objects"],
  },
  {
    name: "drop_at_the_end_of_an_append_of_a_file",
    what: "Drops it once everything is in.",
    plan: { finish: ["DROP TABLE {table}"] },
    refused: {
      recipe:
        "finish[0]: no statement may stand there, and DROP TABLE {table} does: a plan removes nothing but what its own recipe names",
      verifier: "finish[0]: to SQLite it asks for DELETE of sqlite_master",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "drop_behind_a_replace_of_a_file",
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
      verifier: "finish[2]: SQLite does not take it",
    },
    harm: ["another table", "other objects"],
  },
  {
    name: "insert_into_another_table",
    what: "Writes the rows into another table.",
    plan: { write: { insert: "INSERT INTO other ({columns}) VALUES {rows}" } },
    refused: {
      recipe: "insert.sql: OTHER stands where {table} belongs",
      verifier: "insert.sql: SQLite does not take it",
    },
    harm: ["rows of the table", "another table"],
  },
  {
    name: "pragma_writable_schema",
    what: "Empties the catalogue.",
    plan: { session: ["PRAGMA writable_schema = ON"], finish: ["DELETE FROM sqlite_schema"] },
    refused: {
      recipe:
        "session[0]: WRITABLE_SCHEMA stands where JOURNAL_MODE or SYNCHRONOUS or CACHE_SIZE or MMAP_SIZE or JOURNAL_SIZE_LIMIT or TEMP_STORE or FOREIGN_KEYS belongs",
      verifier: "finish[0]: SQLite does not take it",
    },
    harm: ["rows of the table", "another table", "the ledger", "the table itself", "other objects"],
  },
  {
    name: "rename_a_column",
    what: "Renames a column, so that nobody finds it.",
    plan: { prepare: ["ALTER TABLE {table} RENAME COLUMN {col:1} TO gone"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and ALTER TABLE {table} does: a plan changes no table, role or setting",
      verifier: "prepare[0]: to SQLite it asks for ALTER_TABLE of main t",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "replace_into",
    what: "Replaces rows where it should add.",
    found: "referred",
    plan: { write: { insert: "REPLACE INTO {table} ({columns}) VALUES {rows}" } },
    refused: {
      recipe:
        "insert.sql: REPLACE stands where INSERT belongs: it removes rows that are in the way, with all that depends on them",
      verifier: "insert.sql: to SQLite it asks for UPDATE of _snakepipe_referrer_2 id",
    },
    harm: ["rows of the table", "another table"],
  },
  {
    name: "upsert_that_replaces",
    what: "Upserts by deleting what is there, and what refers to it.",
    mode: "upsert",
    found: "referred",
    plan: { write: { insert: "INSERT OR REPLACE INTO {table} ({columns}) VALUES {rows}" } },
    refused: {
      recipe: "insert.sql: OR stands where INTO belongs",
      verifier: "insert.sql: to SQLite it asks for UPDATE of _snakepipe_referrer_2 id",
    },
    harm: ["another table"],
  },
  {
    name: "view_in_a_file",
    what: "Leaves a window behind.",
    plan: { prepare: ["CREATE VIEW v AS SELECT secret FROM other"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and CREATE VIEW V does: a plan makes its own tables and nothing else",
      verifier: "prepare[0]: to SQLite it asks for INSERT of sqlite_master",
    },
    harm: ["other objects"],
  },
];
