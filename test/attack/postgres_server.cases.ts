/**
 * Hostile plans for PostgreSQL that
 * reach the server, its sessions, its files or its time.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "alter_system",
    what: "Sets something for the whole server.",
    plan: { session: ["ALTER SYSTEM SET work_mem TO 64"] },
    refused: {
      recipe:
        "session[0]: ALTER stands where SET belongs: a plan changes no table, role or setting",
    },
    harm: ["the server"],
  },
  {
    name: "brackets_without_end",
    what: "Opens sixty thousand brackets, which parsers of another kind do not survive.",
    plan: { prepare: [`SELECT ${"(".repeat(60000)}1${")".repeat(5000)}`] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and SELECT ( ( does: it reads what was not sent",
      verifier: "prepare[0]: PostgreSQL cannot read it",
    },
    harm: ["time"],
  },
  {
    name: "list_a_folder_of_the_server",
    what: "Lists a folder of the server.",
    plan: { health: ["SELECT name FROM pg_ls_waldir()"] },
    refused: {
      recipe: "health[0]: NAME stands where a number or PG_IS_IN_RECOVERY or VERSION belongs",
    },
    harm: ["answer"],
  },
  {
    name: "listen",
    what: "Listens to others.",
    plan: { session: ["LISTEN everything"] },
    refused: { recipe: "session[0]: LISTEN stands where SET belongs" },
    harm: ["the session"],
  },
  {
    name: "lock_that_stays",
    what: "Takes a lock for as long as the session lives.",
    plan: { session: ["SELECT pg_advisory_lock(1)"] },
    refused: { recipe: "session[0]: SELECT stands where SET belongs: it reads what was not sent" },
    harm: ["the session"],
  },
  {
    name: "prepare_a_statement",
    what: "Keeps a statement for later.",
    plan: { session: ["PREPARE later AS DELETE FROM other"] },
    refused: { recipe: "session[0]: PREPARE stands where SET belongs: it runs code of its own" },
    harm: ["the session"],
  },
  {
    name: "read_a_file_of_the_server",
    what: "Reads a file of the server.",
    plan: { health: ["SELECT pg_read_file(file_name, 0, 40) FROM pg_hba_file_rules LIMIT 1"] },
    refused: {
      recipe:
        "health[0]: PG_READ_FILE stands where a number or PG_IS_IN_RECOVERY or VERSION belongs: it reads files of the server",
    },
    harm: ["answer"],
  },
  {
    name: "read_as_health",
    what: "Reads another table where the host asks how things are.",
    plan: { health: ["SELECT secret FROM other"] },
    refused: {
      recipe: "health[0]: SECRET stands where a number or PG_IS_IN_RECOVERY or VERSION belongs",
    },
    harm: ["answer"],
  },
  {
    name: "role_altered",
    what: "Takes a role's rights.",
    plan: { prepare: ["ALTER ROLE evil NOSUPERUSER"] },
    refused: {
      recipe:
        "prepare[0]: no statement may stand there, and ALTER ROLE EVIL does: a plan changes no table, role or setting",
      verifier: "prepare[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["the server"],
  },
  {
    name: "series_without_end",
    what: "Counts to a milliard with every batch.",
    plan: { merge: ["SELECT count(*) FROM generate_series(1, 1000000000)"] },
    refused: {
      recipe:
        "merge[0]: no statement may stand there, and SELECT COUNT ( does: it reads what was not sent",
      verifier: "merge[0]: to PostgreSQL it is another statement than what may stand",
    },
    harm: ["time"],
  },
  {
    name: "set_date_style",
    what: "Changes how dates are read.",
    plan: { session: ["SET DateStyle TO german"] },
    refused: {
      recipe:
        "session[0]: DATESTYLE stands where SYNCHRONOUS_COMMIT or WORK_MEM or MAINTENANCE_WORK_MEM or JIT belongs",
    },
    harm: ["the session"],
  },
  {
    name: "set_encoding",
    what: "Has texts mean others.",
    plan: { session: ["SET client_encoding TO sql_ascii"] },
    refused: {
      recipe:
        "session[0]: CLIENT_ENCODING stands where SYNCHRONOUS_COMMIT or WORK_MEM or MAINTENANCE_WORK_MEM or JIT belongs",
    },
    harm: ["the session"],
  },
  {
    name: "set_lock_timeout",
    what: "Waits for locks without end.",
    plan: { session: ["SET lock_timeout TO 2147483647"] },
    refused: {
      recipe:
        "session[0]: LOCK_TIMEOUT stands where SYNCHRONOUS_COMMIT or WORK_MEM or MAINTENANCE_WORK_MEM or JIT belongs",
    },
    harm: ["the session"],
  },
  {
    name: "set_null_equals",
    what: "Changes what a comparison with NULL means.",
    plan: { session: ["SET transform_null_equals TO on"] },
    refused: {
      recipe:
        "session[0]: TRANSFORM_NULL_EQUALS stands where SYNCHRONOUS_COMMIT or WORK_MEM or MAINTENANCE_WORK_MEM or JIT belongs",
    },
    harm: ["the session"],
  },
  {
    name: "set_replication_role",
    what: "Switches triggers and foreign keys off.",
    plan: { session: ["SET session_replication_role TO replica"] },
    refused: {
      recipe:
        "session[0]: SESSION_REPLICATION_ROLE stands where SYNCHRONOUS_COMMIT or WORK_MEM or MAINTENANCE_WORK_MEM or JIT belongs",
    },
    harm: ["the session"],
  },
  {
    name: "set_role",
    what: "Becomes somebody else.",
    plan: { session: ["SET ROLE evil"] },
    refused: {
      recipe:
        "session[0]: ROLE stands where SYNCHRONOUS_COMMIT or WORK_MEM or MAINTENANCE_WORK_MEM or JIT belongs: it changes who may do what",
    },
    harm: ["the session"],
  },
  {
    name: "set_row_security",
    what: "Switches row security off.",
    plan: { session: ["SET row_security TO off"] },
    refused: {
      recipe:
        "session[0]: ROW_SECURITY stands where SYNCHRONOUS_COMMIT or WORK_MEM or MAINTENANCE_WORK_MEM or JIT belongs",
    },
    harm: ["the session"],
  },
  {
    name: "set_search_path",
    what: "Has names mean other tables.",
    plan: { session: ["SET search_path TO evil"] },
    refused: {
      recipe:
        "session[0]: SEARCH_PATH stands where SYNCHRONOUS_COMMIT or WORK_MEM or MAINTENANCE_WORK_MEM or JIT belongs",
    },
    harm: ["the session"],
  },
  {
    name: "set_session_authorization",
    what: "Becomes somebody else for good.",
    plan: { session: ["SET SESSION AUTHORIZATION evil"] },
    refused: {
      recipe:
        "session[0]: SESSION stands where SYNCHRONOUS_COMMIT or WORK_MEM or MAINTENANCE_WORK_MEM or JIT belongs",
    },
    harm: ["the session"],
  },
  {
    name: "set_statement_timeout",
    what: "Lets statements run for ever.",
    plan: { session: ["SET statement_timeout TO 0"] },
    refused: {
      recipe:
        "session[0]: STATEMENT_TIMEOUT stands where SYNCHRONOUS_COMMIT or WORK_MEM or MAINTENANCE_WORK_MEM or JIT belongs",
    },
    harm: ["the session"],
  },
  {
    name: "set_work_mem_of_terabytes",
    what: "Lets the server sort in all the memory that it has.",
    plan: { session: ["SET work_mem TO 2147483647"] },
    refused: { recipe: "session[0]: 2147483647 stands where a number up to 1048576 belongs" },
    harm: ["the session"],
  },
  {
    name: "sleep_as_health",
    what: "Asks the server to sleep.",
    plan: { health: ["SELECT pg_sleep(100000)"] },
    refused: {
      recipe:
        "health[0]: PG_SLEEP stands where a number or PG_IS_IN_RECOVERY or VERSION belongs: it need not come to an end",
    },
    harm: ["time"],
  },
  {
    name: "terminate_as_health",
    what: "Ends the sessions of others.",
    plan: { health: ["SELECT pg_terminate_backend(1)"] },
    refused: {
      recipe:
        "health[0]: PG_TERMINATE_BACKEND stands where a number or PG_IS_IN_RECOVERY or VERSION belongs",
    },
    harm: ["answer"],
  },
];
