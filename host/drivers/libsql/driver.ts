/** The driver of libSQL: files on SQLite's engine or libSQL's, servers through `@libsql/client`. */
import type { Driver } from "../driver.ts";
import { driverOf } from "../driver_of.ts";
import { LIBSQL_FAMILY } from "./about.ts";
import { endpointOf, filesOf, LIBSQL_CONFIG, targetOf } from "./config.ts";
import { IDENTIFIER_BYTES_MAX } from "./names_and_types.ts";
import { LIBSQL_RECIPES } from "./recipes.ts";

/** Family `libsql`: SQLite files and libSQL servers. */
export const libsqlDriver: Driver = driverOf(LIBSQL_FAMILY, {
  connect: () => import("./connect.ts"),
  grammar: () => import("./plan_verifier.ts"),
}, {
  config: LIBSQL_CONFIG,
  identifierBytesMax: IDENTIFIER_BYTES_MAX,
  writersMax: 1,
  dialect: LIBSQL_RECIPES,
  endpoint: (config) => endpointOf(targetOf(config)),
  files: (config) => filesOf(targetOf(config)),
});
