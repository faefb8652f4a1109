/**
 * Hostile plans for DuckDB that
 * are like a recipe in all but a word or its place.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "staging_merged_in_part",
    what: "Loses rows on their way from staging.",
    plan: {
      stage: ["CREATE TEMP TABLE {staging} AS SELECT {columns} FROM {table} WITH NO DATA"],
      write: { insert: "INSERT INTO {staging} ({columns}) VALUES {rows}" },
      merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging} LIMIT 1"],
    },
    refused: {
      recipe:
        "merge[0]: LIMIT stands where ORDER or its end belongs: it could leave out some of the rows",
      verifier: "insert.sql: in a rehearsal, DuckDB holds other rows afterwards than were loaded",
    },
    harm: ["rows of the table"],
  },
  {
    name: "staging_of_what_is_there",
    what: "Stages the rows that the table has, and adds them once more.",
    plan: {
      stage: ["CREATE TEMP TABLE {staging} AS SELECT {columns} FROM {table}"],
      write: { insert: "INSERT INTO {staging} ({columns}) VALUES {rows}" },
      merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging}"],
    },
    refused: {
      recipe: "stage[0]: its end stands where WITH belongs",
      verifier:
        'merge[0]: DuckDB does not take it: Constraint Error: Duplicate key "id: 130" violates primary key constraint.',
    },
    harm: ["rows of the table"],
  },
  {
    name: "staging_that_stays",
    what: "Makes staging a table of the database.",
    plan: {
      stage: ["CREATE TABLE mine AS SELECT {columns} FROM {table} WITH NO DATA"],
      write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}" },
    },
    refused: {
      recipe:
        "stage[0]: no statement may stand there, and CREATE TABLE MINE does: it reads what was not sent",
      verifier: "stage[0]: in a rehearsal, DuckDB makes something else by it",
    },
    harm: ["other objects"],
  },
];
