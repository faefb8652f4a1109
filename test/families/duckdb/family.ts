/** DuckDB files, each in a folder of its own. */
import { join } from "@std/path";
import { DUCKDB_CONFORMANCE } from "../../../host/drivers/duckdb/conformance.ts";
import type { ReadRow, TestFamily } from "../family.ts";

/** A client in the same process has to open a file with the same settings as the driver. */
export const SETTINGS = {
  enable_external_access: "false",
  autoload_known_extensions: "false",
  autoinstall_known_extensions: "false",
  allow_community_extensions: "false",
};

/** A value as text; a whole number as a number, as the other clients have it. */
function textOf(value: unknown): string | null {
  if (value === null) return null;
  return (typeof value === "bigint"
    ? Number(value)
    : typeof value === "number"
    ? value
    : String(value)) as string;
}

/** Runs SQL, several statements too; returns the rows of the last one, each value as text or null. */
export async function runOn(path: string, sql: string): Promise<ReadRow[]> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.fromCache(path, SETTINGS);
  try {
    const connection = await instance.connect();
    try {
      const statements = await connection.extractStatements(sql);
      let rows: ReadRow[] = [];
      for (let i = 0; i < statements.count; i++) {
        const reader = await (await statements.prepare(i)).runAndReadAll();
        const names = reader.deduplicatedColumnNames();
        rows = reader.getRows().map((row) =>
          Object.fromEntries(row.map((v, at) => [names[at]!, textOf(v)]))
        );
      }
      return rows;
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** See {@linkcode TestFamily}. */
export const family: TestFamily = {
  name: "duckdb",
  plugin: "duckdb",
  words: /duck/i,
  async withDatabase(act) {
    const folder = await Deno.makeTempDir({ prefix: "snakepipe_" });
    const file = join(folder, "target.duckdb");
    try {
      await act({
        config: { url: `duckdb:${file}` },
        execute: async (sql) => void await runOn(file, sql),
        query: (sql) => runOn(file, sql),
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
  sql: {
    ...DUCKDB_CONFORMANCE.words,
    columnsOf: (table) =>
      `SELECT column_name AS name, data_type AS type FROM duckdb_columns()
WHERE table_name = '${table}' ORDER BY column_index`,
    indexesOf: (table) =>
      "SELECT index_name AS name, sql || coalesce(' -- ' || comment, '') AS definition " +
      `FROM duckdb_indexes() WHERE table_name = '${table}' ORDER BY index_name`,
    dropIndex: (index) => `DROP INDEX ${index}`,
    truncate: (table) => `TRUNCATE ${table}`,
    maintain: () => ["CHECKPOINT"],
    rewrite: () => [],
    moves: [["ALTER TABLE t RENAME TO u", "u"]],
  },
  crash: async () => (await import("./crash.ts")).crash,
  plans: async () => (await import("./plans.ts")).plans,
  errorCodes: [
    "UNIQUE",
    "CONVERSION",
    "TRANSACTIONCONTEXT",
    "FILE_IN_USE",
    "OUT_OF_MEMORY",
    "BINDER",
  ],
  rowForms: [{ bulk: "auto" }, { bulk: "insert" }],
  // What would be changed is refused instead, but for the digits of a FLOAT.
  narrow: {
    ddl: `CREATE TABLE t (id int, c decimal(10,3), m decimal(8,3), u decimal(9,4), ts timestamp,
      ts6 timestamp, v varchar(3), t varchar, d double)`,
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
    oneWriter: "Sessions of one process write to one file, and one batch after the other",
    supersededUnseen: "Of staged rows, the last of each key alone is merged",
    noLooseKeys: "Keys differ by their bytes, whatever their collation says",
    indexesPinNames: "ALTER asks that nothing depends on the table",
    deletesUnseen: "Rows that are added get in the way of none that are deleted",
    keepsNul: "A text is as long as its bytes",
  },
};
