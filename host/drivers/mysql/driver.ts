/** The driver of MySQL and MariaDB. Its client library is loaded when a session is first opened. */
import { LIMITS } from "../../../src/model/limits.ts";
import type { Driver } from "../driver.ts";
import { driverOf } from "../driver_of.ts";
import { MYSQL_FAMILY } from "./about.ts";
import { endpointOf, MYSQL_CONFIG, readTarget, tablesOf } from "./config.ts";
import { IDENTIFIER_BYTES_MAX } from "./names_and_types.ts";
import { MYSQL_RECIPES } from "./recipes.ts";

/** See {@linkcode Driver}. */
export const mysqlDriver: Driver = driverOf(MYSQL_FAMILY, {
  connect: () => import("./connect.ts"),
  grammar: () => import("./plan_verifier.ts"),
  examine: () => import("./examine.ts"),
}, {
  config: MYSQL_CONFIG,
  identifierBytesMax: IDENTIFIER_BYTES_MAX,
  writersMax: LIMITS.poolSizeMax,
  dialect: MYSQL_RECIPES,
  endpoint: (config) => endpointOf(readTarget(config)),
  tables: (config, table) => tablesOf(readTarget(config), table),
});
