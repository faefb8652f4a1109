/** Opens sessions with files. */
import type { Config } from "../../../src/model/config_schema.ts";
import type { Connection, ConnectOptions } from "../driver.ts";
import { SqlConnection } from "../sql/connection.ts";
import { endpointOf, targetOf } from "./config.ts";
import { DUCKDB_FAILURES } from "./failures.ts";
import { DUCKDB } from "./family.ts";
import { openSession } from "./session.ts";

/** Opens a session. @throws {LoadError} `connection_failed`, … */
export async function connect(config: Config, options: ConnectOptions): Promise<Connection> {
  const target = targetOf(config);
  const endpoint = endpointOf(target);
  try {
    const session = await openSession(target, options);
    return new SqlConnection({ session, family: DUCKDB, endpoint }, options.codec);
  } catch (error) {
    throw await DUCKDB_FAILURES.notConnected(error, endpoint);
  }
}
