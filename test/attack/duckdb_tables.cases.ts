/**
 * Hostile plans for DuckDB that
 * reach other tables, the ledger or the target's definition, or make what nobody asked for.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "alter_a_type",
    what: "A column keeps less from here on.",
    plan: { prepare: ["ALTER TABLE {table} ALTER {col:0} TYPE VARCHAR"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and ALTER TABLE {table} does: a plan changes no table, role or setting",
      verifier: "prepare[0]: to DuckDB it is a statement of another kind",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "copy_beside_the_staging",
    what: "Copies the table as it stages.",
    mode: "upsert",
    plan: {
      stage: [
        "DROP TABLE IF EXISTS {staging}",
        "CREATE TEMP TABLE {staging} AS SELECT {columns}, CAST(0 AS BIGINT) AS {ordinal} FROM {table} WITH NO DATA",
        "CREATE TABLE mine AS SELECT {columns} FROM {table}",
      ],
    },
    refused: {
      recipe:
        "stage[2]: no statement may stand there, and CREATE TABLE MINE does: it reads what was not sent",
      verifier: "stage[0]: in a rehearsal, DuckDB makes something else by it",
    },
    harm: ["other objects"],
  },
  {
    name: "copy_of_another_table",
    what: "Copies another table.",
    plan: { prepare: ["CREATE TABLE leak AS SELECT secret FROM other"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and CREATE TABLE LEAK does: it reads what was not sent",
      verifier: "prepare[0]: DuckDB does not take it",
    },
    harm: ["other objects"],
  },
  {
    name: "create_a_function",
    what: "Gives a function another meaning.",
    plan: { prepare: ["CREATE FUNCTION f(a) AS a + 1"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and CREATE FUNCTION F does: it runs code of its own",
      verifier: "insert.sql: in a rehearsal, DuckDB makes something else beside it",
    },
    harm: ["other objects"],
  },
  {
    name: "create_a_macro",
    what: "Gives a name another meaning.",
    plan: { create: ["CREATE MACRO coalesce(a) AS 1"] },
    refused: {
      recipe: "create[0]: MACRO stands where TABLE belongs: it runs code of its own",
      verifier: "create[0]: to DuckDB it makes another table than the load's",
    },
    harm: ["other objects"],
  },
  {
    name: "create_a_schema",
    what: "Makes what stays behind.",
    plan: { prepare: ["CREATE SCHEMA s"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and CREATE SCHEMA S does: a plan makes its own tables and nothing else",
      verifier: "prepare[0]: in a rehearsal, DuckDB makes something else by it",
    },
    harm: ["other objects"],
  },
  {
    name: "create_a_sequence",
    what: "Makes what stays behind.",
    plan: { prepare: ["CREATE SEQUENCE s"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and CREATE SEQUENCE S does: a plan makes its own tables and nothing else",
      verifier: "insert.sql: in a rehearsal, DuckDB makes something else beside it",
    },
    harm: ["other objects"],
  },
  {
    name: "create_a_table_macro",
    what: "Gives a table's name another meaning.",
    plan: { prepare: ["CREATE OR REPLACE MACRO other() AS TABLE SELECT 1"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and CREATE OR REPLACE does: it removes rows that are in the way, with all that depends on them",
      verifier: "insert.sql: in a rehearsal, DuckDB makes something else beside it",
    },
    harm: ["other objects"],
  },
  {
    name: "create_a_type",
    what: "Makes what stays behind.",
    plan: { prepare: ["CREATE TYPE mood AS INTEGER"] },
    refused: {
      recipe: "prepare[0]: no statement may stand there, and CREATE TYPE MOOD does",
      verifier: "insert.sql: in a rehearsal, DuckDB makes something else beside it",
    },
    harm: ["other objects"],
  },
  {
    name: "create_a_view",
    what: "Puts a view where the table is to be.",
    plan: { create: ["CREATE VIEW {table} AS SELECT 1"] },
    refused: {
      recipe:
        "create[0]: VIEW stands where TABLE belongs: a plan makes its own tables and nothing else",
      verifier: "create[0]: to DuckDB it makes another table than the load's",
    },
    harm: ["rows of the table", "the table itself", "other objects"],
  },
  {
    name: "create_an_index",
    what: "Refuses rows that the user's table takes.",
    plan: { prepare: ["CREATE UNIQUE INDEX i ON {table} ({col:1})"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and CREATE UNIQUE INDEX does: a plan makes its own tables and nothing else",
      verifier: "insert.sql: in a rehearsal, DuckDB makes something else beside it",
    },
    harm: ["the table itself"],
  },
  {
    name: "create_another_table",
    what: "Makes a table that nobody drops.",
    plan: { prepare: ["CREATE TABLE other2 (a INTEGER)"] },
    refused: {
      recipe: "prepare[0]: no statement may stand there, and CREATE TABLE OTHER2 does",
      verifier: "prepare[0]: in a rehearsal, DuckDB makes something else by it",
    },
    harm: ["other objects"],
  },
  {
    name: "create_of_a_query",
    what: "The table begins with rows.",
    plan: { create: ["CREATE TABLE {table} AS SELECT 1 AS {col:0}, 2 AS {col:1}, 3 AS {col:2}"] },
    refused: {
      recipe: "create[0]: AS stands where ( belongs",
      verifier: "create[0]: in a rehearsal, DuckDB takes no rows into it",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "create_or_replace",
    what: "Makes the table anew, and what was in it is gone.",
    found: "keyless",
    plan: {
      create: [
        "CREATE OR REPLACE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} VARCHAR, {col:2} VARCHAR, PRIMARY KEY ({keys}))",
      ],
    },
    refused: { recipe: "create[0]: OR stands where TABLE belongs" },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "create_temporary",
    what: "A table that goes with the session, and its rows with it.",
    plan: {
      create: [
        "CREATE TEMP TABLE {table} ({col:0} BIGINT, {col:1} VARCHAR, {col:2} VARCHAR, PRIMARY KEY ({keys}))",
      ],
    },
    refused: {
      recipe: "create[0]: TEMP stands where TABLE belongs: what it makes is not kept",
      verifier: "create[0]: in a rehearsal, DuckDB makes something else by it",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "create_with_a_bit_string",
    what: "A text becomes bits.",
    plan: {
      create: [
        "CREATE TABLE IF NOT EXISTS {table} ({col:0} BIGINT, {col:1} BIT, {col:2} VARCHAR, PRIMARY KEY ({keys}))",
      ],
    },
    refused: {
      recipe: "create[0]: BIT stands where one of 16 others belongs",
      verifier: "create[0]: in a rehearsal, DuckDB takes no rows into it",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "create_with_a_check",
    what: "Refuses rows that would be taken.",
    plan: {
      create: [
        "CREATE TABLE IF NOT EXISTS {table} ({col:0} BIGINT, {col:1} VARCHAR CHECK ({col:1} IS NULL), {col:2} VARCHAR, PRIMARY KEY ({keys}))",
      ],
    },
    refused: {
      recipe: "create[0]: CHECK stands where NOT or NULL or , belongs",
      verifier: "create[0]: to DuckDB it makes another table than the load's",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "create_with_a_collation",
    what: "Keys that differ become the same.",
    plan: {
      create: [
        "CREATE TABLE IF NOT EXISTS {table} ({col:0} VARCHAR COLLATE NOCASE, {col:1} VARCHAR, {col:2} VARCHAR, PRIMARY KEY ({keys}))",
      ],
    },
    refused: { recipe: "create[0]: COLLATE stands where NOT or NULL or , belongs" },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "create_with_a_default",
    what: "NULL and absent become something else.",
    plan: {
      create: [
        "CREATE TABLE IF NOT EXISTS {table} ({col:0} BIGINT, {col:1} VARCHAR DEFAULT 1, {col:2} VARCHAR, PRIMARY KEY ({keys}))",
      ],
    },
    refused: {
      recipe:
        "create[0]: DEFAULT stands where NOT or NULL or , belongs: a value that was sent would not be kept",
      verifier: "create[0]: to DuckDB it makes another table than the load's",
    },
    harm: ["the table itself"],
  },
  {
    name: "create_with_a_generated_column",
    what: "A column is computed instead of loaded.",
    plan: {
      create: [
        "CREATE TABLE IF NOT EXISTS {table} ({col:0} BIGINT, {col:1} VARCHAR, {col:2} VARCHAR GENERATED ALWAYS AS ({col:1}), PRIMARY KEY ({keys}))",
      ],
    },
    refused: {
      recipe: "create[0]: GENERATED stands where NOT or NULL or , or ) belongs",
      verifier: "create[0]: to DuckDB it makes another table than the load's",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "create_with_a_struct",
    what: "Takes no text where there are texts.",
    plan: {
      create: [
        "CREATE TABLE IF NOT EXISTS {table} ({col:0} BIGINT NOT NULL, {col:1} STRUCT(x INTEGER), {col:2} VARCHAR, PRIMARY KEY ({keys}))",
      ],
    },
    refused: {
      recipe: "create[0]: STRUCT stands where one of 16 others belongs",
      verifier: "create[0]: in a rehearsal, DuckDB takes no rows into it",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "create_with_another_key",
    what: "Refuses rows that are alike.",
    plan: {
      create: [
        "CREATE TABLE IF NOT EXISTS {table} ({col:0} BIGINT NOT NULL, {col:1} VARCHAR UNIQUE, {col:2} VARCHAR, PRIMARY KEY ({keys}))",
      ],
    },
    refused: {
      recipe: "create[0]: UNIQUE stands where NOT or NULL or , belongs",
      verifier: "create[0]: to DuckDB it makes another table than the load's",
    },
    harm: ["the table itself"],
  },
  {
    name: "create_with_swapped_columns",
    what: "Columns in another order.",
    plan: {
      create: [
        "CREATE TABLE IF NOT EXISTS {table} ({col:0} BIGINT, {col:2} VARCHAR, {col:1} VARCHAR, PRIMARY KEY ({keys}))",
      ],
    },
    refused: {
      recipe: "create[0]: {col:2} stands where {col:1} belongs",
      verifier: "create[0]: to DuckDB it makes another table than the load's",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "create_without_a_column",
    what: "One column is missing.",
    plan: {
      create: [
        "CREATE TABLE IF NOT EXISTS {table} ({col:0} BIGINT, {col:1} VARCHAR, PRIMARY KEY ({keys}))",
      ],
    },
    refused: {
      recipe: "create[0]: PRIMARY stands where {col:2} belongs",
      verifier: "create[0]: to DuckDB it makes another table than the load's",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "delete_from_the_ledger_of_an_engine",
    what: "Has the loader forget what is in.",
    plan: { prepare: ["DELETE FROM _snakepipe_batch"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and DELETE FROM _SNAKEPIPE_BATCH does: a plan deletes no rows, except all of a table that a replace fills again",
      verifier: "prepare[0]: DuckDB does not take it",
    },
    harm: ["the ledger"],
  },
  {
    name: "drop_a_column_of_an_engine",
    what: "Drops a column with all that is in it.",
    plan: { prepare: ["ALTER TABLE {table} DROP COLUMN {col:2}"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and ALTER TABLE {table} does: a plan changes no table, role or setting",
      verifier: "prepare[0]: to DuckDB it is a statement of another kind",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "drop_a_schema",
    what: "Drops everything.",
    plan: { prepare: ["DROP SCHEMA evil CASCADE"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and DROP SCHEMA EVIL does: a plan removes nothing but what its own recipe names",
      verifier: "prepare[0]: to DuckDB it is a statement of another kind",
    },
    harm: ["the table itself", "other objects"],
  },
  {
    name: "drop_another_table",
    what: "Drops what is none of its.",
    plan: { prepare: ["DROP TABLE other"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and DROP TABLE OTHER does: a plan removes nothing but what its own recipe names",
      verifier: "prepare[0]: DuckDB does not take it",
    },
    harm: ["another table", "other objects"],
  },
  {
    name: "drop_another_table_at_the_end",
    what: "Drops another table once rows are in.",
    plan: { finish: ["DROP TABLE IF EXISTS other"] },
    refused: {
      recipe:
        "finish[0]: no statement may stand there, and DROP TABLE IF does: a plan removes nothing but what its own recipe names",
      verifier: "finish[0]: to DuckDB it is a statement of another kind",
    },
    harm: ["another table", "other objects"],
  },
  {
    name: "drop_behind_a_replace_of_an_engine",
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
      verifier: "finish[2]: DuckDB does not take it",
    },
    harm: ["another table", "other objects"],
  },
  {
    name: "drop_the_batches_of_the_ledger",
    what: "Has the loader forget all batches.",
    plan: { prepare: ["DROP TABLE _snakepipe_batch"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and DROP TABLE _SNAKEPIPE_BATCH does: a plan removes nothing but what its own recipe names",
      verifier: "prepare[0]: DuckDB does not take it",
    },
    harm: ["the ledger", "other objects"],
  },
  {
    name: "drop_the_ledger",
    what: "Has the loader forget all loads.",
    plan: { teardown: ["DROP TABLE _snakepipe_load"] },
    refused: {
      recipe:
        "teardown[0]: no statement may stand there, and DROP TABLE _SNAKEPIPE_LOAD does: a plan removes nothing but what its own recipe names",
    },
    harm: ["the ledger", "other objects"],
  },
  {
    name: "drop_the_table",
    what: "Drops the target.",
    plan: { prepare: ["DROP TABLE {table}"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and DROP TABLE {table} does: a plan removes nothing but what its own recipe names",
      verifier: "prepare[0]: to DuckDB it is a statement of another kind",
    },
    harm: ["rows of the table", "the table itself"],
  },
  {
    name: "execute_a_statement",
    what: "Runs what has a name.",
    plan: { session: ["PREPARE p AS DELETE FROM other"], finish: ["EXECUTE p"] },
    refused: {
      recipe:
        "session[0]: no statement may stand there, and PREPARE P AS does: it runs code of its own",
      verifier: "finish[0]: DuckDB does not take it",
    },
    harm: ["another table"],
  },
  {
    name: "insert_into_another_table",
    what: "Rows go elsewhere.",
    plan: { write: { insert: "INSERT INTO other ({columns}) VALUES {rows}" } },
    refused: {
      recipe: "insert.sql: OTHER stands where {table} belongs",
      verifier: "insert.sql: DuckDB does not take it",
    },
    harm: ["rows of the table", "another table"],
  },
  {
    name: "rename_a_column",
    what: "A column has another name from here on.",
    plan: { prepare: ["ALTER TABLE {table} RENAME {col:1} TO x"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and ALTER TABLE {table} does: a plan changes no table, role or setting",
      verifier: "prepare[0]: to DuckDB it is a statement of another kind",
    },
    harm: ["the table itself"],
  },
  {
    name: "rows_of_another_table_doubled",
    what: "Doubles another table.",
    plan: { prepare: ["INSERT INTO other SELECT * FROM other"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and INSERT INTO OTHER does: it reads what was not sent",
      verifier: "prepare[0]: DuckDB does not take it",
    },
    harm: ["another table"],
  },
  {
    name: "set_external_access",
    what: "Takes files from everybody else in the process.",
    plan: { session: ["SET enable_external_access = false"] },
    refused: {
      recipe: "session[0]: no statement may stand there, and SET ENABLE_EXTERNAL_ACCESS = does",
    },
    harm: ["other objects"],
  },
  {
    name: "truncate_another_table",
    what: "Empties another table.",
    plan: { finish: ["TRUNCATE other"] },
    refused: {
      recipe:
        "finish[0]: no statement may stand there, and TRUNCATE OTHER does: a plan removes nothing but what its own recipe names",
      verifier: "finish[0]: DuckDB does not take it",
    },
    harm: ["another table"],
  },
  {
    name: "update_of_another_table",
    what: "Empties a column of another table.",
    plan: { prepare: ["UPDATE other SET secret = NULL"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and UPDATE OTHER SET does: a plan changes rows only by the keys of an upsert",
      verifier: "prepare[0]: DuckDB does not take it",
    },
    harm: ["another table"],
  },
  {
    name: "update_of_the_ledger_of_an_engine",
    what: "Says that loads are complete.",
    plan: { prepare: ["UPDATE _snakepipe_load SET complete = true"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and UPDATE _SNAKEPIPE_LOAD SET does: a plan changes rows only by the keys of an upsert",
      verifier: "prepare[0]: DuckDB does not take it",
    },
    harm: ["the ledger"],
  },
  {
    name: "view_beside_the_aside",
    what: "Shows another table in a view.",
    mode: "replace",
    plan: {
      prepare: [
        "CREATE TABLE {aside} AS SELECT {columns} FROM {table} WITH NO DATA",
        "CREATE VIEW leak AS SELECT secret FROM other",
      ],
    },
    refused: {
      recipe:
        "prepare[1]: no statement may stand there, and CREATE VIEW LEAK does: a plan makes its own tables and nothing else",
      verifier: "prepare[1]: DuckDB does not take it",
    },
    harm: ["other objects"],
  },
];
