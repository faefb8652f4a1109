/** The driver of libSQL: files on SQLite's engine or libSQL's, servers through `@libsql/client`. */
import type { Driver } from "../driver.ts";
import { LIBSQL_FAMILY } from "./about.ts";
import { endpointOf, filesOf, LIBSQL_CONFIG, targetOf } from "./config.ts";
import { IDENTIFIER_BYTES_MAX } from "./dialect.ts";
import { LIBSQL_FORMS } from "./forms.ts";

/** Family `libsql`: SQLite files and libSQL servers. */
export const libsqlDriver: Driver = {
  family: LIBSQL_FAMILY.name,
  schemes: LIBSQL_FAMILY.schemes,
  config: LIBSQL_CONFIG,
  identifierBytesMax: IDENTIFIER_BYTES_MAX,
  writersMax: 1,
  blocks: LIBSQL_FAMILY.blocks,
  dialect: LIBSQL_FORMS,
  grammar: async () => await (await import("./grammar.ts")).loadGrammar(),
  endpoint: (config) => endpointOf(targetOf(config)),
  files: (config) => filesOf(targetOf(config)),
  preload: async () => void (await import("./connect.ts")),
  connect: async (config, options) => {
    const { connect } = await import("./connect.ts");
    return await connect(config, options);
  },
};
