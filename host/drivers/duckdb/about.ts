/** What is known of DuckDB's files before their driver is loaded. */
import type { DriverFamily } from "../driver_family.ts";

/** See {@linkcode DriverFamily}. */
export const DUCKDB_FAMILY: DriverFamily = {
  name: "duckdb",
  schemes: ["duckdb"],
  examples: ["duckdb:data.duckdb"],
  // Statements run in threads of the library's own; only their rows are filled in this one.
  blocks: false,
  // Each thread would open the file by itself, since the system's lock is one of processes.
  oneThread: true,
  packages: ["@duckdb/node-api", "@duckdb/node-bindings"],
  unbundled: {
    "@duckdb/node-api": [
      ...["BIGINT", "BLOB", "BOOLEAN", "DOUBLE", "DuckDBDataChunk", "DuckDBInstance"],
      ...["DuckDBTableFunction", "HUGEINT", "INTEGER", "SMALLINT", "SQLNULL", "StatementType"],
      ...["VARCHAR", "blobValue"],
    ],
    "@duckdb/node-bindings": [],
  },
  load: async () => (await import("./driver.ts")).duckdbDriver,
  conformance: async () => (await import("./conformance.ts")).DUCKDB_CONFORMANCE,
};
