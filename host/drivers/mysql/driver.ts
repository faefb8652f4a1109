/** The driver of MySQL and MariaDB. Its client library is loaded when a session is first opened. */
import { LIMITS } from "../../../src/limits.ts";
import type { Driver } from "../driver.ts";
import { MYSQL_FAMILY } from "./about.ts";
import { endpointOf, MYSQL_CONFIG, readTarget } from "./config.ts";
import { IDENTIFIER_BYTES_MAX } from "./dialect.ts";
import { MYSQL_FORMS } from "./forms.ts";

/** See {@linkcode Driver}. */
export const mysqlDriver: Driver = {
  family: MYSQL_FAMILY.name,
  schemes: MYSQL_FAMILY.schemes,
  config: MYSQL_CONFIG,
  identifierBytesMax: IDENTIFIER_BYTES_MAX,
  writersMax: LIMITS.poolSizeMax,
  blocks: MYSQL_FAMILY.blocks,
  dialect: MYSQL_FORMS,
  grammar: async () => await (await import("./grammar.ts")).loadGrammar(),
  endpoint: (config) => endpointOf(readTarget(config)),
  preload: async () => void (await import("./connect.ts")),
  connect: async (config, options) => {
    const { connect } = await import("./connect.ts");
    return await connect(config, options);
  },
};
