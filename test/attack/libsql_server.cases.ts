/**
 * Hostile plans for SQLite that
 * reach the server, its sessions, its files or its time.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "attach",
    what: "Opens another file.",
    plan: { session: ["ATTACH x AS y"] },
    refused: {
      recipe: "session[0]: ATTACH stands where PRAGMA belongs: it reaches files of the server",
    },
    harm: ["files"],
  },
  {
    name: "blob_of_half_a_gigabyte",
    what: "Asks for half a gigabyte.",
    plan: { health: ["SELECT zeroblob(500000000)"] },
    refused: { recipe: "health[0]: ZEROBLOB stands where a number or SQLITE_VERSION belongs" },
    harm: ["time"],
  },
  {
    name: "load_an_extension",
    what: "Loads code into the process.",
    plan: { health: ["SELECT load_extension(1)"] },
    refused: {
      recipe: "health[0]: LOAD_EXTENSION stands where a number or SQLITE_VERSION belongs",
    },
    harm: ["answer"],
  },
  {
    name: "pragma_cache_of_terabytes",
    what: "Lets the database keep everything in memory.",
    plan: { session: ["PRAGMA cache_size = -4000000000"] },
    refused: { recipe: "session[0]: 4000000000 stands where a number up to 4194304 belongs" },
    harm: ["the session"],
  },
  {
    name: "pragma_foreign_keys_off",
    what: "Lets rows in whose parents are not there.",
    plan: { session: ["PRAGMA foreign_keys = OFF"] },
    refused: { recipe: "session[0]: OFF stands where ON belongs" },
    harm: ["the session"],
  },
  {
    name: "pragma_ignore_checks",
    what: "Switches the table's own rules off.",
    plan: { session: ["PRAGMA ignore_check_constraints = ON"] },
    refused: {
      recipe:
        "session[0]: IGNORE_CHECK_CONSTRAINTS stands where JOURNAL_MODE or SYNCHRONOUS or CACHE_SIZE or MMAP_SIZE or JOURNAL_SIZE_LIMIT or TEMP_STORE or FOREIGN_KEYS belongs",
    },
    harm: ["the session"],
  },
  {
    name: "pragma_journal_memory",
    what: "Makes a crash ruin the file.",
    plan: { session: ["PRAGMA journal_mode = MEMORY"] },
    refused: {
      recipe: "session[0]: MEMORY stands where WAL or DELETE or TRUNCATE or PERSIST belongs",
    },
    harm: ["the session"],
  },
  {
    name: "pragma_locking_mode",
    what: "Keeps everybody from the file.",
    plan: { session: ["PRAGMA locking_mode = EXCLUSIVE"] },
    refused: {
      recipe:
        "session[0]: LOCKING_MODE stands where JOURNAL_MODE or SYNCHRONOUS or CACHE_SIZE or MMAP_SIZE or JOURNAL_SIZE_LIMIT or TEMP_STORE or FOREIGN_KEYS belongs",
    },
    harm: ["the session"],
  },
  {
    name: "pragma_max_page_count",
    what: "Has the file be full.",
    plan: { session: ["PRAGMA max_page_count = 20"] },
    refused: {
      recipe:
        "session[0]: MAX_PAGE_COUNT stands where JOURNAL_MODE or SYNCHRONOUS or CACHE_SIZE or MMAP_SIZE or JOURNAL_SIZE_LIMIT or TEMP_STORE or FOREIGN_KEYS belongs",
    },
    harm: ["the session"],
  },
  {
    name: "pragma_reverse_order",
    what: "Turns the order of rows round.",
    plan: { session: ["PRAGMA reverse_unordered_selects = ON"] },
    refused: {
      recipe:
        "session[0]: REVERSE_UNORDERED_SELECTS stands where JOURNAL_MODE or SYNCHRONOUS or CACHE_SIZE or MMAP_SIZE or JOURNAL_SIZE_LIMIT or TEMP_STORE or FOREIGN_KEYS belongs",
    },
    harm: ["the session"],
  },
  {
    name: "pragma_trusted_schema",
    what: "Trusts what stands in the schema.",
    plan: { session: ["PRAGMA trusted_schema = OFF"] },
    refused: {
      recipe:
        "session[0]: TRUSTED_SCHEMA stands where JOURNAL_MODE or SYNCHRONOUS or CACHE_SIZE or MMAP_SIZE or JOURNAL_SIZE_LIMIT or TEMP_STORE or FOREIGN_KEYS belongs",
    },
    harm: ["the session"],
  },
  {
    name: "pragma_user_version",
    what: "Writes where applications keep their own.",
    plan: { session: ["PRAGMA user_version = 7"] },
    refused: {
      recipe:
        "session[0]: USER_VERSION stands where JOURNAL_MODE or SYNCHRONOUS or CACHE_SIZE or MMAP_SIZE or JOURNAL_SIZE_LIMIT or TEMP_STORE or FOREIGN_KEYS belongs",
    },
    harm: ["the server"],
  },
  {
    name: "read_as_health_of_a_file",
    what: "Reads another table as it is asked for health.",
    plan: { health: ["SELECT group_concat(secret) FROM other"] },
    refused: { recipe: "health[0]: GROUP_CONCAT stands where a number or SQLITE_VERSION belongs" },
    harm: ["answer"],
  },
  {
    name: "recursion_without_end",
    what: "Asks for what never ends.",
    plan: { health: ["WITH RECURSIVE x AS (SELECT 1 UNION ALL SELECT 1 FROM x) SELECT 1 FROM x"] },
    refused: { recipe: "health[0]: WITH stands where SELECT belongs" },
    harm: ["time"],
  },
  {
    name: "schema_read_as_health",
    what: "Reads the catalogue as it is asked for health.",
    plan: { health: ["SELECT sql FROM sqlite_schema"] },
    refused: { recipe: "health[0]: SQL stands where a number or SQLITE_VERSION belongs" },
    harm: ["answer"],
  },
  {
    name: "write_a_file",
    what: "Copies another table into a file of its own.",
    plan: { session: ["ATTACH evil AS x", "CREATE TABLE x.leak AS SELECT secret FROM other"] },
    refused: {
      recipe: "session[0]: ATTACH stands where PRAGMA belongs: it reaches files of the server",
    },
    harm: ["files"],
  },
];
