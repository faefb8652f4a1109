/** The driver of DuckDB: files, on its engine in this process. */
import type { Driver } from "../driver.ts";
import { DUCKDB_FAMILY } from "./about.ts";
import { DUCKDB_CONFIG, endpointOf, targetOf } from "./config.ts";
import { IDENTIFIER_BYTES_MAX } from "./dialect.ts";
import { DUCKDB_FORMS } from "./forms.ts";

/** Family `duckdb`. */
export const duckdbDriver: Driver = {
  family: DUCKDB_FAMILY.name,
  schemes: DUCKDB_FAMILY.schemes,
  config: DUCKDB_CONFIG,
  identifierBytesMax: IDENTIFIER_BYTES_MAX,
  writersMax: 1,
  blocks: DUCKDB_FAMILY.blocks,
  oneThread: true,
  dialect: DUCKDB_FORMS,
  grammar: async () => await (await import("./grammar.ts")).loadGrammar(),
  endpoint: (config) => endpointOf(targetOf(config)),
  files: (config) => ["", ".wal", ".tmp"].map((suffix) => targetOf(config).path + suffix),
  preload: async () => void (await import("./connect.ts")),
  connect: async (config, options) => {
    const { connect } = await import("./connect.ts");
    return await connect(config, options);
  },
};
