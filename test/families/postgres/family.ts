/** PostgreSQL: databases of the server that `test/run.ts` has started, from npm. */
import { withDatabase } from "../../support/postgres_database.ts";
import { startPostgres } from "../../support/postgres_server.ts";
import type { ReadRow, TestFamily } from "../family.ts";

/** See {@linkcode TestFamily}. */
export const family: TestFamily = {
  name: "postgres",
  plugin: "postgresql",
  words: /postgres|libpg|\bpg_|sqlstate/i,
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
    types: {
      boolean: "boolean",
      int16: "smallint",
      int32: "integer",
      int64: "bigint",
      decimal: "numeric",
      float32: "real",
      float64: "double precision",
      text: "text",
      json: "jsonb",
      bytes: "bytea",
      date: "date",
      time: "time",
      timestamp: "timestamp",
      timestamptz: "timestamptz",
      uuid: "uuid",
    },
    integer: "bigint",
    keyText: "text",
    quote: (name) => `"${name.replaceAll('"', '""')}"`,
    textOf: (expression) => `(${expression})::text`,
    hexOf: (expression) => `encode(convert_to((${expression})::text, 'UTF8'), 'hex')`,
    hexOfBytes: (expression) => `encode(${expression}, 'hex')`,
    exactDouble: (expression) => `(${expression})::text`,
    instantOf: (expression) => `to_json(${expression} AT TIME ZONE 'UTC') #>> '{}'`,
    columnsOf: (table) =>
      "SELECT attname AS name, CASE atttypid WHEN 'timestamptz'::regtype THEN 'timestamptz' " +
      "WHEN 'timestamp'::regtype THEN 'timestamp' WHEN 'time'::regtype THEN 'time' " +
      "ELSE format_type(atttypid, atttypmod) END AS type FROM pg_attribute " +
      `WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    tables: "SELECT tablename::text AS name FROM pg_tables WHERE schemaname NOT IN " +
      "('pg_catalog', 'information_schema')",
    truncate: (table) => `TRUNCATE ${table}`,
    maintain: (table) => [`VACUUM ${table}`, `ANALYZE ${table}`],
    rewrite: (table) => [`VACUUM FULL ${table}`],
    looseText: {
      type: "text COLLATE loose",
      setUp: "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', " +
        "deterministic = false);",
    },
  },
  rowForms: ["text", "binary", "auto"].map((copyFormat) => ({ copyFormat })),
  quirks: {
    supersededUnseen: "A merge takes the last row of each key from the staging table",
  },
};
