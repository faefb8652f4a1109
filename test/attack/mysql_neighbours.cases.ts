/**
 * Hostile plans for MySQL and MariaDB that
 * are like a recipe in all but a word or its place.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "statistics_in_a_batch",
    what: "Commits a batch that is then undone, by a statement that looks harmless.",
    plan: { merge: ["ANALYZE TABLE {table}"] },
    refused: {
      recipe: "merge[0]: no statement may stand there, and ANALYZE TABLE {table} does",
      verifier: "merge[0]: no statement may stand there",
    },
    harm: ["rows of the table"],
  },
  {
    name: "aside_like_another_table",
    what: "Takes its columns from another table.",
    mode: "replace",
    plan: { prepare: ["CREATE TABLE {aside} LIKE other", "DELETE FROM other"] },
    refused: {
      recipe: "prepare[0]: OTHER stands where {table} belongs",
      verifier: "prepare[0]: to MySQL it is another statement",
    },
    harm: ["another table"],
  },
  {
    name: "another_table_like_it",
    what: "Makes a table of its own beside it.",
    mode: "replace",
    plan: { prepare: ["CREATE TABLE mine LIKE {table}", "CREATE TABLE {aside} LIKE {table}"] },
    refused: {
      recipe: "prepare[0]: MINE stands where {aside} belongs",
      verifier: "prepare[0]: to MySQL it is another statement",
    },
    harm: ["other objects"],
  },
];
