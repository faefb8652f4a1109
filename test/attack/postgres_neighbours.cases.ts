/**
 * Hostile plans for PostgreSQL that
 * are like a recipe in all but a word or its place.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "statistics_of_another_table",
    what: "Looks at another table than its own.",
    plan: { finish: ["ANALYZE other"] },
    refused: {
      recipe: "finish[0]: OTHER stands where {table} belongs",
      verifier: "finish[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["another table"],
  },
  {
    name: "statistics_of_all_tables",
    what: "Looks at every table of the database.",
    plan: { finish: ["ANALYZE"] },
    refused: {
      recipe: "finish[0]: its end stands where {table} belongs",
      verifier: "finish[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["another table"],
  },
  {
    name: "statistics_of_two_tables",
    what: "Looks at another table beside its own.",
    plan: { finish: ["ANALYZE {table}, other"] },
    refused: {
      recipe: "finish[0]: , stands where its end belongs",
      verifier: "finish[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["another table"],
  },
  {
    name: "aside_like_it_with_a_default",
    what: "Gives the table beside the target a column whose default runs code.",
    mode: "replace",
    plan: {
      prepare: [
        "CREATE TABLE {aside} (LIKE {table} INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING IDENTITY, more bigint DEFAULT g())",
      ],
    },
    refused: {
      recipe: "prepare[0]: , stands where ) belongs",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["another table"],
  },
  {
    name: "aside_that_inherits",
    what:
      "Makes the table beside the target a part of it, so that its rows are seen before they are moved, and then twice.",
    mode: "replace",
    plan: {
      prepare: [
        "CREATE TABLE {aside} (LIKE {table} INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING IDENTITY) INHERITS ({table})",
      ],
      finish: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}"],
    },
    refused: {
      recipe: "prepare[0]: INHERITS stands where its end belongs",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "staging_like_it_that_is_kept",
    what: "Keeps the rows of each batch in staging, so that the next one merges them again.",
    plan: {
      stage: [
        "CREATE TEMP TABLE {staging} (LIKE {table} INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING IDENTITY, {ordinal} bigint) ON COMMIT PRESERVE ROWS",
      ],
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({values}, {ordinal})",
      },
      merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging}"],
    },
    refused: {
      recipe: "stage[0]: PRESERVE stands where DELETE belongs",
      verifier: "stage[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["rows of the table"],
  },
  {
    name: "staging_like_another_table",
    what: "Takes its columns, and what fills them, from another table.",
    plan: {
      stage: [
        "CREATE TEMP TABLE {staging} (LIKE other INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING IDENTITY, {ordinal} bigint DEFAULT g()) ON COMMIT DELETE ROWS",
      ],
      write: { insert: "INSERT INTO {staging} ({columns}) VALUES {rows}" },
      merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging}"],
    },
    refused: {
      recipe: "stage[0]: OTHER stands where {table} belongs",
      verifier: "stage[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["another table"],
  },
  {
    name: "timeout_switched_off",
    what: "Takes away the bound that the operator has set.",
    plan: { session: ["SET statement_timeout TO 0"] },
    refused: {
      recipe:
        "session[0]: STATEMENT_TIMEOUT stands where SYNCHRONOUS_COMMIT or WORK_MEM or MAINTENANCE_WORK_MEM or JIT belongs",
    },
    harm: ["the session"],
  },
  {
    name: "timeout_that_nobody_granted",
    what: "Ends statements after a moment.",
    plan: { session: ["SET statement_timeout = 10"] },
    refused: {
      recipe:
        "session[0]: STATEMENT_TIMEOUT stands where SYNCHRONOUS_COMMIT or WORK_MEM or MAINTENANCE_WORK_MEM or JIT belongs",
    },
    harm: ["the session"],
  },
  {
    name: "type_that_makes_a_sequence",
    what: "Makes a sequence beside the table.",
    plan: { create: ["CREATE TABLE {table} ({col:0} bigserial, {col:1} text, {col:2} text)"] },
    refused: {
      recipe: "create[0]: BIGSERIAL stands where one of 27 others belongs",
      verifier: "create[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["the table itself", "other objects"],
  },
  {
    name: "type_that_cuts",
    what: "Makes columns that cut what they take.",
    plan: { create: ["CREATE TABLE {table} ({col:0} bigint, {col:1} name, {col:2} text)"] },
    refused: {
      recipe: "create[0]: NAME stands where one of 27 others belongs",
      verifier: "create[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["the table itself"],
  },
];
