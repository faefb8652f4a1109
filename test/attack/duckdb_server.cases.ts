/**
 * Hostile plans for DuckDB that
 * reach the server, its sessions, its files or its time.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "copy_from_a_database",
    what: "Copies a whole database.",
    plan: { prepare: ["COPY FROM DATABASE memory TO other"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and COPY FROM DATABASE does: it reaches files of the server",
      verifier: "prepare[0]: to DuckDB it is not one statement",
    },
    harm: ["the server"],
  },
  {
    name: "health_of_another_table",
    what: "Tells of another table.",
    plan: { health: ["SELECT secret FROM other"] },
    refused: { recipe: "health[0]: SECRET stands where a number or VERSION belongs" },
    harm: ["answer"],
  },
  {
    name: "health_that_sleeps",
    what: "Holds a session.",
    plan: { health: ["SELECT count(*) FROM range(1000000000000)"] },
    refused: { recipe: "health[0]: COUNT stands where a number or VERSION belongs" },
    harm: ["time"],
  },
  {
    name: "pivot",
    what: "Rows become columns.",
    mode: "upsert",
    plan: { merge: ["INSERT INTO {table} ({columns}) PIVOT {staging} ON {col:1}"] },
    refused: {
      recipe: "merge[0]: PIVOT stands where SELECT belongs",
      verifier: "merge[0]: to DuckDB it is not one statement",
    },
    harm: ["the server"],
  },
  {
    name: "pragma_of_a_profile",
    what: "Writes profiles to a file.",
    plan: { session: ["PRAGMA enable_profiling = no_output"] },
    refused: {
      recipe: "session[0]: no statement may stand there, and PRAGMA ENABLE_PROFILING = does",
    },
    harm: ["the session"],
  },
  {
    name: "pragma_of_order",
    what: "Has rows lose their order.",
    plan: { session: ["PRAGMA preserve_insertion_order = false"] },
    refused: {
      recipe:
        "session[0]: no statement may stand there, and PRAGMA PRESERVE_INSERTION_ORDER = does",
    },
    harm: ["the server"],
  },
  {
    name: "pragma_of_threads",
    what: "Takes as many threads as it likes.",
    plan: { session: ["PRAGMA threads = 3"] },
    refused: { recipe: "session[0]: no statement may stand there, and PRAGMA THREADS = does" },
    harm: ["the server"],
  },
  {
    name: "prepare_a_statement",
    what: "Keeps a statement under a name.",
    plan: { session: ["PREPARE p AS SELECT 1"] },
    refused: {
      recipe:
        "session[0]: no statement may stand there, and PREPARE P AS does: it runs code of its own",
    },
    harm: ["the session"],
  },
  {
    name: "recursion_without_end",
    what: "A query that refers to itself.",
    mode: "upsert",
    plan: {
      merge: [
        "WITH RECURSIVE r AS (SELECT 100 AS x UNION ALL SELECT x + 1 FROM r) INSERT INTO {table} ({col:0}) SELECT x FROM r",
      ],
    },
    refused: {
      recipe: "merge[0]: WITH stands where INSERT belongs",
      verifier: "merge[0]: DuckDB does not take it",
    },
    harm: ["time"],
  },
  {
    name: "reset_a_setting",
    what: "Takes back what the driver has set.",
    plan: { session: ["RESET memory_limit"] },
    refused: { recipe: "session[0]: no statement may stand there, and RESET MEMORY_LIMIT does" },
    harm: ["the server"],
  },
  {
    name: "series_in_a_row",
    what: "Has the engine count for seconds.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row:
          "({value:0}, CAST((SELECT count(*) FROM range(5000), range(5000), range(1000)) AS VARCHAR), {value:2})",
      },
    },
    refused: {
      recipe:
        "insert.row: CAST stands where {value:1} belongs: it could change a value that is then counted as loaded",
      verifier: "insert.sql: in a rehearsal, DuckDB ",
    },
    harm: ["time"],
  },
  {
    name: "set_a_collation",
    what: "Has keys be equal whatever their case.",
    plan: { session: ["SET default_collation = nocase"] },
    refused: {
      recipe: "session[0]: no statement may stand there, and SET DEFAULT_COLLATION = does",
    },
    harm: ["the server"],
  },
  {
    name: "set_a_directory",
    what: "Says where secrets are read from.",
    plan: { session: ["SET secret_directory = 1"] },
    refused: {
      recipe: "session[0]: no statement may stand there, and SET SECRET_DIRECTORY = does",
    },
    harm: ["the server"],
  },
  {
    name: "set_a_repository",
    what: "Has extensions come from elsewhere.",
    plan: { session: ["SET custom_extension_repository = evil"] },
    refused: {
      recipe:
        "session[0]: no statement may stand there, and SET CUSTOM_EXTENSION_REPOSITORY = does",
    },
    harm: ["the server"],
  },
  {
    name: "set_a_variable",
    what: "Keeps a value from one statement to the next.",
    plan: { prepare: ["SET VARIABLE a = 1"] },
    refused: {
      recipe: "prepare[0]: no statement may stand there, and SET VARIABLE A does",
      verifier: "prepare[0]: to DuckDB it is a statement of another kind",
    },
    harm: ["the session"],
  },
  {
    name: "set_autoload",
    what: "Changes what the engine loads by itself.",
    plan: { prepare: ["SET autoload_known_extensions = false"] },
    refused: {
      recipe: "prepare[0]: no statement may stand there, and SET AUTOLOAD_KNOWN_EXTENSIONS = does",
      verifier: "prepare[0]: to DuckDB it is a statement of another kind",
    },
    harm: ["the server"],
  },
  {
    name: "set_global",
    what: "For all sessions of the process.",
    plan: { session: ["SET GLOBAL preserve_insertion_order = false"] },
    refused: {
      recipe:
        "session[0]: no statement may stand there, and SET GLOBAL PRESERVE_INSERTION_ORDER does: it changes the whole server",
    },
    harm: ["the server"],
  },
  {
    name: "set_null_order",
    what: "Turns the order of NULL round.",
    plan: { session: ["SET default_null_order = nulls_first"] },
    refused: {
      recipe: "session[0]: no statement may stand there, and SET DEFAULT_NULL_ORDER = does",
    },
    harm: ["the server"],
  },
  {
    name: "set_threads",
    what: "Starts hundreds of threads.",
    plan: { session: ["SET threads TO 300"] },
    refused: { recipe: "session[0]: no statement may stand there, and SET THREADS TO does" },
    harm: ["the server"],
  },
  {
    name: "summarize",
    what: "Tells of a table's values.",
    plan: { health: ["SUMMARIZE other"] },
    refused: { recipe: "health[0]: SUMMARIZE stands where SELECT belongs" },
    harm: ["answer"],
  },
  {
    name: "use_another_schema",
    what: "Means another schema by every name from here on.",
    plan: { prepare: ["USE memory.main"] },
    refused: {
      recipe: "prepare[0]: no statement may stand there, and USE MEMORY . does",
      verifier: "prepare[0]: to DuckDB it is a statement of another kind",
    },
    harm: ["the session"],
  },
  {
    name: "use_another_schema_in_a_session",
    what: "Has unqualified names mean other tables.",
    plan: { session: ["USE evil"] },
    refused: { recipe: "session[0]: no statement may stand there, and USE EVIL does" },
    harm: ["the session"],
  },
];
