/** The driver of the Postgres family. Its client library is loaded when a session is first opened. */
import { LIMITS } from "../../../src/limits.ts";
import type { Driver } from "../driver.ts";
import { POSTGRES_FAMILY } from "./about.ts";
import { endpointOf, POSTGRES_CONFIG, readTarget } from "./config.ts";
import { IDENTIFIER_BYTES_MAX } from "./dialect.ts";
import { POSTGRES_FORMS } from "./forms.ts";

/** See {@linkcode Driver}. */
export const postgresDriver: Driver = {
  family: POSTGRES_FAMILY.name,
  schemes: POSTGRES_FAMILY.schemes,
  config: POSTGRES_CONFIG,
  identifierBytesMax: IDENTIFIER_BYTES_MAX,
  writersMax: LIMITS.poolSizeMax,
  blocks: POSTGRES_FAMILY.blocks,
  dialect: POSTGRES_FORMS,
  grammar: async () => await (await import("./grammar.ts")).loadGrammar(),
  endpoint: (config) => endpointOf(readTarget(config)),
  preload: async () => void (await import("./connect.ts")),
  connect: async (config, options) => {
    const { connect } = await import("./connect.ts");
    return await connect(config, options);
  },
};
