/** The driver of DuckDB: files, on its engine in this process. */
import type { Driver } from "../driver.ts";
import { driverOf } from "../driver_of.ts";
import { DUCKDB_FAMILY } from "./about.ts";
import { DUCKDB_CONFIG, endpointOf, tablesOf, targetOf } from "./config.ts";
import { IDENTIFIER_BYTES_MAX } from "./names_and_types.ts";
import { DUCKDB_RECIPES } from "./recipes.ts";

/** Family `duckdb`. */
export const duckdbDriver: Driver = driverOf(DUCKDB_FAMILY, {
  connect: () => import("./connect.ts"),
  grammar: () => import("./plan_verifier.ts"),
  examine: () => import("./examine.ts"),
}, {
  config: DUCKDB_CONFIG,
  identifierBytesMax: IDENTIFIER_BYTES_MAX,
  writersMax: 1,
  dialect: DUCKDB_RECIPES,
  endpoint: (config) => endpointOf(targetOf(config)),
  tables: (config, table) => tablesOf(targetOf(config), table),
  files: (config) => ["", ".wal", ".tmp"].map((suffix) => targetOf(config).path + suffix),
});
