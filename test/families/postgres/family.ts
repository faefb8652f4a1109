/** PostgreSQL: databases of the server that `test/run.ts` has started, from npm. */
import { withDatabase } from "../../support/postgres_database.ts";
import { startPostgres } from "../../support/postgres_server.ts";
import { POSTGRES_CONFORMANCE } from "../../../host/drivers/postgres/conformance.ts";
import { PGLITE } from "./pglite.ts";
import type { ReadRow, TestFamily } from "../family.ts";

/** See {@linkcode TestFamily}. */
export const family: TestFamily = {
  name: "postgres",
  plugin: "postgresql",
  words: /postgres|libpg|\bpg_|sqlstate(?! ')/i,
  async startServer() {
    // A crash of the server alone is survived without it, and a power cut is nothing that tests bring.
    const server = await startPostgres({ fsync: false });
    return {
      env: {
        SNAKEPIPE_TEST_POSTGRES: server.superuserUrl,
        SNAKEPIPE_TEST_POSTGRES_SOCKET: server.socketUrl("postgres"),
      },
      stop: () => server.stop(),
    };
  },
  withDatabase: (act) =>
    withDatabase((url, sql) =>
      act({
        config: { url },
        execute: async (text) => void (await sql.unsafe(text)),
        query: async (text) => [...await sql.unsafe(text)] as unknown as ReadRow[],
      })
    ),
  sql: {
    ...POSTGRES_CONFORMANCE.words,
    columnsOf: (table) =>
      "SELECT attname AS name, CASE atttypid WHEN 'timestamptz'::regtype THEN 'timestamptz' " +
      "WHEN 'timestamp'::regtype THEN 'timestamp' WHEN 'time'::regtype THEN 'time' " +
      "ELSE format_type(atttypid, atttypmod) END AS type FROM pg_attribute " +
      `WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    indexesOf: (table) =>
      "SELECT x.relname::text AS name, pg_get_indexdef(x.oid) || ' -- ' || " +
      "coalesce(obj_description(x.oid, 'pg_class'), '') || coalesce(x.reloptions::text, '') " +
      "AS definition FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid " +
      `WHERE i.indrelid = '${table}'::regclass ORDER BY x.relname`,
    dropIndex: (index) => `DROP INDEX ${index}`,
    truncate: (table) => `TRUNCATE ${table}`,
    maintain: (table) => [`VACUUM ${table}`, `ANALYZE ${table}`],
    rewrite: (table) => [`VACUUM FULL ${table}`],
    moves: [
      // As a restored dump has them: the same rows in tables of other numbers.
      [
        "ALTER TABLE t RENAME TO t_; CREATE TABLE t (LIKE t_ INCLUDING ALL); " +
        "INSERT INTO t SELECT * FROM t_; DROP TABLE t_; " +
        "CREATE TABLE l_ (LIKE _snakepipe_load INCLUDING ALL); INSERT INTO l_ SELECT * FROM " +
        "_snakepipe_load; DROP TABLE _snakepipe_batch, _snakepipe_load; " +
        "ALTER TABLE l_ RENAME TO _snakepipe_load",
        "t",
      ],
      [
        "UPDATE _snakepipe_load SET table_state = 't'::regclass::oid || ':1'; CREATE SCHEMA s; " +
        "ALTER TABLE t SET SCHEMA s",
        "s.t",
      ],
      ["ALTER TABLE s.t RENAME TO u", "s.u"],
    ],
  },
  variants: [
    PGLITE,
    ...["text", "binary"].map((copyFormat) => ({
      name: `PostgreSQL by COPY in ${copyFormat}`,
      settings: { bulk: "copy", copyFormat },
      groups: ["types", "the same rows everywhere", "keys", "own columns", "U+0000"],
    })),
  ],
  rowForms: ["text", "binary", "auto"].map((copyFormat) => ({ copyFormat })),
  plans: async () => (await import("./plans.ts")).plans,
  crash: async () => (await import("./crash.ts")).crash,
  errorCodes: [
    ...["40001", "08006", "57P01", "53300", "55P03", "22P02", "23505", "42501", "XX000"] as const,
  ],
  narrow: {
    ddl: `CREATE DOMAIN price AS numeric(8,2); CREATE DOMAIN cost AS price;
      CREATE TABLE t (id int, c numeric(10,2), m cost, u numeric, ts timestamp(0), ts6 timestamp(6),
        v varchar(3), t varchar, d double precision)`,
    notes: [
      "The database rounds numbers to what their columns are declared as: c numeric(10,2), " +
      "m numeric(8,2)",
      "The database rounds times to what their columns are declared as: ts timestamp(0) without time " +
      "zone",
      "The database cuts blanks at the end of texts, or adds some, as their columns are declared: " +
      "v character varying(3)",
    ],
    row: ["1.56", "1.56", "1.5555", "2020-01-01 00:00:01", "2020-01-01 00:00:00.6", "abc", "abc.."],
  },
  quirks: {
    supersededUnseen: "A merge takes the last row of each key from the staging table",
  },
};
