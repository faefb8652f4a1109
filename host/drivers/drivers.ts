/** Every driver family, one line each; nothing outside of a family's folder names it but its line. */
export { DUCKDB_FAMILY } from "./duckdb/about.ts";
export { LIBSQL_FAMILY } from "./libsql/about.ts";
export { MYSQL_FAMILY } from "./mysql/about.ts";
export { POSTGRES_FAMILY } from "./postgres/about.ts";
