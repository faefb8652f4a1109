/**
 * Hostile plans for MySQL and MariaDB that
 * reach the server, its sessions, its files or its time.
 */
import type { PlanCase } from "./plan_case.ts";

/** The table; see {@linkcode PlanCase}. */
export const cases: readonly PlanCase[] = [
  {
    name: "autocommit_switched_off",
    what: "Has no statement commit by itself.",
    plan: { session: ["SET SESSION autocommit = 0"] },
    refused: { recipe: "session[0]: AUTOCOMMIT stands where INNODB_LOCK_WAIT_TIMEOUT belongs" },
    harm: ["the session"],
  },
  {
    name: "benchmark_of_hours",
    what: "The same, at the cost of the server.",
    plan: { health: ["SELECT BENCHMARK(1000000000, SHA2(1, 512))"] },
    refused: {
      recipe:
        "health[0]: BENCHMARK stands where a number or VERSION belongs: it need not come to an end",
    },
    harm: ["time"],
  },
  {
    name: "binary_log_switched_off",
    what: "Hides a load from the replicas.",
    plan: { session: ["SET SESSION sql_log_bin = 0"] },
    refused: { recipe: "session[0]: SQL_LOG_BIN stands where INNODB_LOCK_WAIT_TIMEOUT belongs" },
    harm: ["rights"],
  },
  {
    name: "checks_unchecked",
    what: "Switches off the CHECKs of MariaDB.",
    plan: { session: ["SET SESSION check_constraint_checks = 0"] },
    refused: {
      recipe: "session[0]: CHECK_CONSTRAINT_CHECKS stands where INNODB_LOCK_WAIT_TIMEOUT belongs",
    },
    harm: ["the session"],
  },
  {
    name: "database_changed",
    what: "Has unqualified names mean others.",
    plan: { session: ["USE mysql"] },
    refused: { recipe: "session[0]: USE stands where SET belongs" },
    harm: ["the session"],
  },
  {
    name: "engine_by_default_set",
    what: "Has tables made by an engine without transactions.",
    plan: { session: ["SET SESSION default_storage_engine = MyISAM"] },
    refused: {
      recipe: "session[0]: DEFAULT_STORAGE_ENGINE stands where INNODB_LOCK_WAIT_TIMEOUT belongs",
    },
    harm: ["the session"],
  },
  {
    name: "foreign_keys_unchecked",
    what: "Lets rows in that refer to nothing.",
    plan: { session: ["SET SESSION foreign_key_checks = 0"] },
    refused: {
      recipe: "session[0]: FOREIGN_KEY_CHECKS stands where INNODB_LOCK_WAIT_TIMEOUT belongs",
    },
    harm: ["the session"],
  },
  {
    name: "global_variable_set",
    what: "Changes the server for everybody.",
    plan: { session: ["SET GLOBAL max_connections = 1"] },
    refused: {
      recipe: "session[0]: GLOBAL stands where SESSION belongs: it changes the whole server",
    },
    harm: ["rights"],
  },
  {
    name: "grant_of_another_table",
    what: "Shows another table to everybody.",
    mode: "replace",
    plan: {
      prepare: [
        "GRANT SELECT ON other TO PUBLIC",
        "CREATE TABLE {aside} AS SELECT {columns} FROM {table} WHERE 0",
      ],
    },
    refused: {
      recipe: "prepare[0]: GRANT stands where CREATE belongs: it changes who may do what",
      verifier: "prepare[0]: to MySQL it is another statement",
    },
    harm: ["the server"],
  },
  {
    name: "init_connect_set",
    what: "Runs a statement in each session to come.",
    plan: { session: ["SET GLOBAL init_connect = 1"] },
    refused: {
      recipe: "session[0]: GLOBAL stands where SESSION belongs: it changes the whole server",
    },
    harm: ["rights"],
  },
  {
    name: "insert_of_each_row_twice",
    what: "Loads each row twice.",
    plan: {
      write: {
        insert:
          "INSERT INTO {table} ({columns}) SELECT * FROM (VALUES {rows}) AS r CROSS JOIN (SELECT 1 UNION ALL SELECT 2) AS twice",
      },
    },
    refused: {
      recipe: "insert.sql: SELECT stands where VALUES belongs: it reads what was not sent",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["the server"],
  },
  {
    name: "isolation_of_what_is_not_committed",
    what: "Reads what others have not committed.",
    plan: { session: ["SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED"] },
    refused: { recipe: "session[0]: TRANSACTION stands where INNODB_LOCK_WAIT_TIMEOUT belongs" },
    harm: ["the session"],
  },
  {
    name: "lock_by_name",
    what: "Takes the lock under which loads are prepared.",
    plan: { health: ["SELECT GET_LOCK(VERSION(), 0)"] },
    refused: {
      recipe:
        "health[0]: GET_LOCK stands where a number or VERSION belongs: it keeps others from their work",
    },
    harm: ["the session"],
  },
  {
    name: "lock_by_name_let_go",
    what: "Lets go of the lock under which loads are prepared.",
    mode: "replace",
    plan: {
      prepare: [
        "DO RELEASE_ALL_LOCKS()",
        "CREATE TABLE {aside} AS SELECT {columns} FROM {table} WHERE 0",
      ],
    },
    refused: {
      recipe: "prepare[0]: DO stands where CREATE belongs: it runs code of its own",
      verifier: "prepare[0]: MySQL's grammar does not know it",
    },
    harm: ["the session"],
  },
  {
    name: "log_of_the_server_purged",
    what: "Removes what replicas need.",
    mode: "replace",
    plan: { prepare: ["FLUSH BINARY LOGS"] },
    refused: {
      recipe: "prepare[0]: FLUSH stands where CREATE belongs",
      verifier: "prepare[0]: MySQL's grammar does not know it",
    },
    harm: ["rights"],
  },
  {
    name: "mode_that_forgives",
    what: "Takes from the session what refuses values.",
    plan: { session: ["SET SESSION sql_mode = 0"] },
    refused: { recipe: "session[0]: SQL_MODE stands where INNODB_LOCK_WAIT_TIMEOUT belongs" },
    harm: ["the session"],
  },
  {
    name: "routine_of_another_user",
    what: "Makes a routine that runs with the rights of another.",
    plan: { create: ["CREATE DEFINER = root PROCEDURE p ( ) SELECT 1"] },
    refused: {
      recipe: "create[0]: DEFINER stands where TABLE belongs",
      verifier: "create[0]: MySQL's grammar does not know it",
    },
    harm: ["rights"],
  },
  {
    name: "server_shut_down",
    what: "Ends the server.",
    mode: "replace",
    plan: { prepare: ["SHUTDOWN"] },
    refused: {
      recipe: "prepare[0]: SHUTDOWN stands where CREATE belongs",
      verifier: "prepare[0]: MySQL's grammar does not know it",
    },
    harm: ["rights"],
  },
  {
    name: "sessions_counted_as_health",
    what: "Looks at what others do.",
    plan: { health: ["SELECT COUNT(*) + 100 FROM information_schema.PROCESSLIST"] },
    refused: { recipe: "health[0]: COUNT stands where a number or VERSION belongs" },
    harm: ["answer"],
  },
  {
    name: "sleep_in_a_row",
    what: "Waits with each row.",
    plan: {
      write: {
        insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
        row: "({value:0}, {value:1}, SLEEP(1))",
      },
    },
    refused: {
      recipe: "insert.row: SLEEP stands where {value:2} belongs: it need not come to an end",
      verifier: "insert.sql: to MySQL it is another statement",
    },
    harm: ["time"],
  },
  {
    name: "sleep_of_hours",
    what: "Makes each health probe last.",
    plan: { health: ["SELECT SLEEP(36000)"] },
    refused: {
      recipe:
        "health[0]: SLEEP stands where a number or VERSION belongs: it need not come to an end",
    },
    harm: ["time"],
  },
  {
    name: "statements_without_a_bound",
    what: "Has statements run for as long as they like.",
    plan: { session: ["SET SESSION max_statement_time = 0"] },
    refused: {
      recipe: "session[0]: MAX_STATEMENT_TIME stands where INNODB_LOCK_WAIT_TIMEOUT belongs",
    },
    harm: ["the session"],
  },
  {
    name: "table_in_memory",
    what: "Makes a table that is gone with the server.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys})) ENGINE = MEMORY",
      ],
    },
    refused: {
      recipe: "create[0]: MEMORY stands where INNODB belongs",
      verifier: "create[0]: to MySQL it is another statement",
    },
    harm: ["time"],
  },
  {
    name: "table_in_partitions",
    what: "Refuses rows beyond its partitions.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys})) PARTITION BY KEY ({keys}) PARTITIONS 2",
      ],
    },
    refused: {
      recipe: "create[0]: PARTITION stands where ENGINE or CHARACTER or COLLATE or its end belongs",
      verifier: "create[0]: MySQL's grammar does not know it",
    },
    harm: ["the table itself"],
  },
  {
    name: "table_of_a_file",
    what: "Makes a table that is a file.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT NOT NULL, {col:2} TEXT NOT NULL) ENGINE = CSV",
      ],
    },
    refused: {
      recipe: "create[0]: CSV stands where INNODB belongs",
      verifier: "create[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "table_of_an_engine_without_rollback",
    what: "Makes a table in which nothing can be undone.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys})) ENGINE = Aria",
      ],
    },
    refused: {
      recipe: "create[0]: ARIA stands where INNODB belongs",
      verifier: "create[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "table_without_transactions",
    what: "Makes a table whose batches would be in by halves.",
    plan: {
      create: [
        "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys})) ENGINE = MyISAM",
      ],
    },
    refused: {
      recipe: "create[0]: MYISAM stands where INNODB belongs",
      verifier: "create[0]: to MySQL it is another statement",
    },
    harm: ["rows of the table"],
  },
  {
    name: "tables_flushed",
    what: "Has the server close every table.",
    mode: "replace",
    plan: {
      prepare: ["FLUSH TABLES", "CREATE TABLE {aside} AS SELECT {columns} FROM {table} WHERE 0"],
    },
    refused: {
      recipe: "prepare[0]: FLUSH stands where CREATE belongs",
      verifier: "prepare[0]: MySQL's grammar does not know it",
    },
    harm: ["rights"],
  },
  {
    name: "tables_listed_as_health",
    what: "Reads the catalogue as it is asked for health.",
    plan: { health: ["SHOW TABLES"] },
    refused: { recipe: "health[0]: SHOW stands where SELECT belongs" },
    harm: ["answer"],
  },
  {
    name: "unique_keys_unchecked",
    what: "Lets InnoDB overlook equal keys.",
    plan: { session: ["SET SESSION unique_checks = 0"] },
    refused: { recipe: "session[0]: UNIQUE_CHECKS stands where INNODB_LOCK_WAIT_TIMEOUT belongs" },
    harm: ["the session"],
  },
  {
    name: "wait_of_days",
    what: "Waits longer for a lock than may be.",
    plan: { session: ["SET SESSION innodb_lock_wait_timeout = 86400"] },
    refused: { recipe: "session[0]: 86400 stands where a number up to 600 belongs" },
    harm: ["the session"],
  },
];
