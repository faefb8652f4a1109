/** What is known of SQLite files and libSQL servers before their driver is loaded. */
import type { DriverFamily } from "../driver_family.ts";

/** See {@linkcode DriverFamily}. */
export const LIBSQL_FAMILY: DriverFamily = {
  name: "libsql",
  schemes: ["libsql", "file", "https", "http", "wss", "ws"],
  otherNames: ["sqlite", "sqlite3", "turso"],
  examples: ["libsql:ast.db", "libsql://host"],
  blocks: true,
  packages: ["libsql", "@libsql/client", "@libsql/client/web"],
  unbundled: { libsql: [] },
  load: async () => (await import("./driver.ts")).libsqlDriver,
  conformance: async () => (await import("./conformance.ts")).LIBSQL_CONFORMANCE,
};
