/** MySQL: databases of a MariaDB server that `test/run.ts` has started from the system's binaries. */
import { MYSQL_CONFORMANCE } from "../../../host/drivers/mysql/conformance.ts";
import { MARIADB_MISSING, withMariadb } from "../../support/mariadb_database.ts";
import { startMariadb } from "../../support/mariadb_server.ts";
import type { ReadRow, TestFamily } from "../family.ts";

/** See {@linkcode TestFamily}. */
export const family: TestFamily = {
  name: "mysql",
  plugin: "mysql",
  words: /mysql|mariadb|innodb/i,
  missing: () => Promise.resolve(MARIADB_MISSING),
  async startServer() {
    const server = await startMariadb();
    return {
      env: { SNAKEPIPE_TEST_MARIADB: server.url("") },
      stop: () => server.stop(),
    };
  },
  withDatabase: (act) =>
    withMariadb(({ url, client }) =>
      act({
        config: { url },
        execute: async (text) => void (await client.query(text)),
        query: async (text) => {
          const [rows] = await client.query(text);
          // What is no query answers with counts.
          if (!Array.isArray(rows)) return [];
          return rows as ReadRow[];
        },
      })
    ),
  sql: {
    ...MYSQL_CONFORMANCE.words,
    columnsOf: (table) =>
      // JSON is a LONGTEXT with a CHECK, and integers have a width that means nothing.
      "SELECT COLUMN_NAME AS name, CASE WHEN EXISTS (SELECT 1 FROM " +
      "information_schema.CHECK_CONSTRAINTS k WHERE k.CONSTRAINT_SCHEMA = c.TABLE_SCHEMA " +
      "AND k.TABLE_NAME = c.TABLE_NAME AND k.CHECK_CLAUSE = " +
      "concat('json_valid(`', c.COLUMN_NAME, '`)')) THEN 'json' ELSE " +
      "regexp_replace(COLUMN_TYPE, '^([a-z]*[^y]int)[(][0-9]+[)]', '\\\\1') END AS type " +
      "FROM information_schema.COLUMNS c " +
      `WHERE TABLE_SCHEMA = database() AND TABLE_NAME = '${table}' ORDER BY ORDINAL_POSITION`,
    indexesOf: (table) =>
      "SELECT INDEX_NAME AS name, group_concat(COLUMN_NAME ORDER BY SEQ_IN_INDEX) AS definition " +
      "FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = database() " +
      `AND TABLE_NAME = '${table}' GROUP BY INDEX_NAME ORDER BY INDEX_NAME`,
    dropIndex: (index, table) => `DROP INDEX ${index} ON ${table}`,
    truncate: (table) => `TRUNCATE TABLE ${table}`,
    maintain: (table) => [`ANALYZE TABLE ${table}`],
    rewrite: (table) => [`OPTIMIZE TABLE ${table}`],
    moves: [["ALTER TABLE t RENAME TO u", "u"]],
  },
  rowForms: ["auto", "insert"].map((bulk) => ({ bulk })),
  plans: async () => (await import("./plans.ts")).plans,
  crash: async () => (await import("./crash.ts")).crash,
  errorCodes: [
    ...["ER_LOCK_DEADLOCK", "ER_LOCK_NOWAIT", "ER_DUP_ENTRY", "ER_WRONG_VALUE"] as const,
    ...["PROTOCOL_CONNECTION_LOST", "ER_CON_COUNT_ERROR", "ER_DISK_FULL"] as const,
  ],
  // What would be changed is refused instead; blanks at the end of a CHAR mean nothing.
  narrow: {
    ddl: `CREATE TABLE t (id int, c decimal(10,3), m decimal(8,3), u decimal(9,4), ts datetime(1),
      ts6 datetime(6), v char(5), t varchar(9), d double)`,
    notes: [
      "The database cuts blanks at the end of texts, or adds some, as their columns are declared: " +
      "v char(5)",
    ],
    row: [
      "1.555",
      "1.555",
      "1.5555",
      "2020-01-01 00:00:00.6",
      "2020-01-01 00:00:00.600000",
      "abc",
      "abc..",
    ],
  },
  quirks: {
    ddlCommits: "CREATE and DROP commit what is open",
    noNan: "DOUBLE keeps no NaN",
    noInfinity: "DOUBLE keeps no infinities",
    forgetsRewritten: "InnoDB gives it another number, and nothing else tells it from a new one",
    keepsNul: "utf8mb4 has U+0000 like any other character",
  },
};
