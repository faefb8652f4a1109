/** Opens sessions of the Postgres family, on postgres.js. */
import type { Config } from "../../../src/model/config_schema.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { failureError } from "../../../src/model/failure.ts";
import type { Connection, ConnectOptions } from "../driver.ts";
import { SqlConnection } from "../sql/connection.ts";
import { endpointOf, readTarget } from "./config.ts";
import { classify } from "./failures.ts";
import { POSTGRES } from "./family.ts";
import { openSession } from "./open_session.ts";

/** What only a change of the settings or of the database can mend. */
const CONFIG_CODES = new Set([
  "3D000",
  "ENOTFOUND",
  "TLS_REFUSED",
  "TLS_FAILED",
  "TLS_CA_UNREADABLE",
  "TLS_CERT_UNREADABLE",
  "TLS_KEY_UNREADABLE",
  "CHANNEL_BINDING_FAILED",
  "CHANNEL_BINDING_REFUSED",
]);

/** Opens a session. @throws {LoadError} `connection_failed`, `authentication_failed`, … */
export async function connect(config: Config, options: ConnectOptions): Promise<Connection> {
  const target = readTarget(config);
  const endpoint = endpointOf(target);
  try {
    const session = await openSession(target);
    if (options.readOnly) await session.setUp("SET default_transaction_read_only = on");
    const database = { session, family: POSTGRES, endpoint };
    return new SqlConnection(database, options.codec, options.openRange);
  } catch (error) {
    if (error instanceof LoadError) throw error;
    const failure = classify(error, { endpoint, what: "Connecting" });
    const ofConfig = CONFIG_CODES.has(failure.code);
    if (!ofConfig && (failure.kind === "authentication" || failure.kind === "privilege")) {
      throw failureError(failure);
    }
    throw new LoadError(failure.message, {
      code: "connection_failed",
      blame: ofConfig ? "config" : "database",
      // Waiting does not mend what the server says of memory, of its settings or of ours.
      retry: !ofConfig && failureError(failure).retry,
      vendorCode: failure.code,
    });
  }
}
