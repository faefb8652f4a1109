/** The driver of libSQL: files on SQLite's engine or libSQL's, servers through `@libsql/client`. */
import type { Driver } from "../driver.ts";
import { driverOf } from "../driver_of.ts";
import { LIBSQL_FAMILY } from "./about.ts";
import { endpointOf, filesOf, LIBSQL_CONFIG, tablesOf, targetOf } from "./config.ts";
import { imageInsert } from "./image_source.ts";
import { IDENTIFIER_BYTES_MAX } from "./names_and_types.ts";
import { LIBSQL_RECIPES } from "./recipes.ts";

/** Bytes of records of which one image is made: it is in memory as a whole. */
const IMAGE_RANGE_BYTES = 16 * 1024 * 1024;

/** Family `libsql`: SQLite files and libSQL servers. */
export const libsqlDriver: Driver = driverOf(LIBSQL_FAMILY, {
  connect: () => import("./connect.ts"),
  grammar: () => import("./plan_verifier.ts"),
  examine: () => import("./examine.ts"),
}, {
  config: LIBSQL_CONFIG,
  identifierBytesMax: IDENTIFIER_BYTES_MAX,
  writersMax: 1,
  dialect: LIBSQL_RECIPES,
  ranges: (config, { shape, plan: { write } }) => {
    const target = targetOf(config);
    const takesImages = target.kind === "file" && target.bulk === "auto" &&
      imageInsert(write, shape, false) !== undefined;
    return takesImages ? { bytesMax: IMAGE_RANGE_BYTES, streams: false } : undefined;
  },
  endpoint: (config) => endpointOf(targetOf(config)),
  tables: (config, table) => tablesOf(targetOf(config), table),
  files: (config) => filesOf(targetOf(config)),
});
