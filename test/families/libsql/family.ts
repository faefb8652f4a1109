/** SQLite files, each in a folder of its own. */
import { DatabaseSync } from "node:sqlite";
import { join } from "@std/path";
import { LIBSQL_CONFORMANCE } from "../../../host/drivers/libsql/conformance.ts";
import { startLibsqlServer } from "../../support/libsql_remote.ts";
import type { ReadRow, TestFamily } from "../family.ts";

/** See {@linkcode TestFamily}. */
export const family: TestFamily = {
  name: "libsql",
  plugin: "libsql",
  words: /libsql|sqlite/i,
  async withDatabase(act) {
    const folder = await Deno.makeTempDir({ prefix: "snakepipe_" });
    const file = join(folder, "target.db");
    const withDb = <T>(use: (db: DatabaseSync) => T): Promise<T> => {
      const db = new DatabaseSync(file, { timeout: 5_000 });
      try {
        return Promise.resolve(use(db));
      } finally {
        db.close();
      }
    };
    try {
      await act({
        config: { url: `libsql:${file}` },
        execute: (sql) => withDb((db) => db.exec(sql)),
        query: (sql) => withDb((db) => db.prepare(sql).all() as ReadRow[]),
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
  sql: {
    ...LIBSQL_CONFORMANCE.words,
    columnsOf: (table) => `SELECT name, type FROM pragma_table_info('${table}')`,
    indexesOf: (table) =>
      "SELECT name, sql AS definition FROM sqlite_schema " +
      `WHERE type = 'index' AND tbl_name = '${table}' ORDER BY name`,
    dropIndex: (index) => `DROP INDEX ${index}`,
    truncate: (table) => `DELETE FROM ${table}`,
    maintain: () => ["VACUUM"],
    rewrite: () => [],
    moves: [["ALTER TABLE t RENAME TO u; DROP TABLE before_it; VACUUM", "u"]],
  },
  // Two engines in one process do not see each other's locks.
  variants: [{ name: "libSQL's own engine", settings: { engine: "libsql" }, bySession: true }, {
    name: "libSQL server",
    withDatabase: (act) =>
      family.withDatabase(async ({ config: { url }, ...client }) => {
        await using server = startLibsqlServer(url.slice("libsql:".length));
        await act({ ...client, config: { url: server.url } });
      }),
    // Whoever changes the file meanwhile would block this process, and the server in it.
    groups: ["types", "keys", "absent fields", "own columns", "rules", "U+0000"],
    quirks: {
      "types: float64: infinite": {
        is: '{"refused":"…"}',
        why: "Its protocol has no infinities: such a row is rejected",
      },
      ...Object.fromEntries([
        [
          "keys: a key counts once, in however many parts its batch is sent",
          "…2 rejected: 211 integrity, 261 integrity…",
        ],
        [
          "absent fields: rows of a part that is undone are not counted, whatever fields they had",
          "…2 rejected: 2 integrity, 3 integrity…",
        ],
        [
          "absent fields: rows that are refused are reported by their places, whatever fields they have",
          "…5 rejected: 3 integrity, 4 n type, 6 z unknown_field, 7 malformed, 8 id null…",
        ],
        [
          "rules: exactly the rows that rules refuse are left out, each with place and reason",
          "…6 rejected: 21 u integrity, 51 n null, 52 integrity, 101 integrity, 121 v type, 200…",
        ],
      ].map(([label, is]) => [label, {
        is: is!,
        why: "It tells no extended codes, and so of some constraints no column",
      }])),
    },
  }],
  plans: async () => (await import("./plans.ts")).plans,
  crash: async () => (await import("./crash.ts")).crash,
  errorCodes: [
    ...["SQLITE_BUSY", "SQLITE_LOCKED_SHAREDCACHE", "SQLITE_CONSTRAINT_CHECK"] as const,
    ...["SQLITE_SCHEMA", "SQLITE_FULL", "HRANA_WEBSOCKET_ERROR"] as const,
  ],
  narrow: {
    ddl: `CREATE TABLE t (id INT, c NUMERIC(10,2), m DECIMAL(8,2), u NUMERIC, ts TEXT,
      ts6 TEXT, v VARCHAR(3), t VARCHAR, d DOUBLE)`,
    notes: [],
    row: [
      "1.555",
      "1.555",
      "1.5555",
      "2020-01-01 00:00:00.6",
      "2020-01-01 00:00:00.6",
      "abc..",
      "abc..",
    ],
  },
  quirks: {
    oneWriter: "A file is locked as a whole by whoever writes to it",
    noNan: "A NaN that is handed over becomes NULL",
    keepsNul: "A text is as long as its bytes",
  },
};
