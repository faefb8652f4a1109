/** The driver of the Postgres family. Its client library is loaded when a session is first opened. */
import { LIMITS } from "../../../src/model/limits.ts";
import type { Driver } from "../driver.ts";
import { driverOf } from "../driver_of.ts";
import { POSTGRES_FAMILY } from "./about.ts";
import { copiedInsert, readBulk } from "./bulk.ts";
import { endpointOf, POSTGRES_CONFIG, readTarget, tablesOf } from "./config.ts";
import { IDENTIFIER_BYTES_MAX } from "./names_and_types.ts";
import { POSTGRES_RECIPES } from "./recipes.ts";

/** See {@linkcode Driver}. */
export const postgresDriver: Driver = driverOf(POSTGRES_FAMILY, {
  connect: () => import("./connect.ts"),
  grammar: () => import("./plan_verifier.ts"),
  examine: () => import("./examine.ts"),
}, {
  config: POSTGRES_CONFIG,
  identifierBytesMax: IDENTIFIER_BYTES_MAX,
  writersMax: LIMITS.poolSizeMax,
  dialect: POSTGRES_RECIPES,
  ranges: (config, { shape, plan: { write } }) =>
    copiedInsert(readBulk(config), { write, shape }) !== undefined
      ? { bytesMax: LIMITS.rangeBytesMax, streams: true }
      : undefined,
  endpoint: (config) => endpointOf(readTarget(config)),
  tables: (config, table) => tablesOf(readTarget(config), table),
});
