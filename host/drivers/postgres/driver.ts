/** The driver of the Postgres family, on postgres.js. */
import type { Config } from "../../../src/config/schema.ts";
import { LoadError } from "../../../src/errors.ts";
import { failureError } from "../../../src/failure.ts";
import { LIMITS } from "../../../src/limits.ts";
import type { Connection, ConnectOptions, Driver } from "../driver.ts";
import { endpointOf, POSTGRES_CONFIG, readTarget } from "./config.ts";
import { PostgresConnection } from "./connection.ts";
import { IDENTIFIER_BYTES_MAX } from "./dialect.ts";
import { classify } from "./failures.ts";
import { Session } from "./session.ts";

/** See {@linkcode Driver}. */
export const postgresDriver: Driver = {
  family: "postgres",
  schemes: ["postgres", "postgresql"],
  config: POSTGRES_CONFIG,
  identifierBytesMax: IDENTIFIER_BYTES_MAX,
  writersMax: LIMITS.poolSizeMax,
  endpoint: (config) => endpointOf(readTarget(config)),
  connect,
};

/** What only a change of the settings or of the database can mend. */
const CONFIG_CODES = new Set([
  "3D000",
  "ENOTFOUND",
  "TLS_REFUSED",
  "TLS_FAILED",
  "TLS_CA_UNREADABLE",
]);

async function connect(config: Config, options: ConnectOptions): Promise<Connection> {
  const target = readTarget(config);
  const endpoint = endpointOf(target);
  try {
    return new PostgresConnection(await Session.open(target), { codec: options.codec, endpoint });
  } catch (error) {
    const failure = classify(error, { endpoint, what: "Connecting" });
    const ofConfig = CONFIG_CODES.has(failure.code);
    if (!ofConfig && (failure.kind === "authentication" || failure.kind === "privilege")) {
      throw failureError(failure);
    }
    throw new LoadError(failure.message, {
      code: "connection_failed",
      blame: ofConfig ? "config" : "database",
      retry: !ofConfig,
      vendorCode: failure.code,
    });
  }
}
