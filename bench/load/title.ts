import type { DatabaseName } from "./dataset.ts";

/** Databases as people call them. */
export const TITLE: Readonly<Record<DatabaseName, string>> = {
  postgres: "Postgres",
  libsql: "libSQL",
  mysql: "MariaDB",
  duckdb: "DuckDB",
  pglite: "PGlite",
};
