/** Opens sessions of the libSQL family: files on an engine of this process, servers over the network. */
import type { Config } from "../../../src/model/config_schema.ts";
import type { Connection, ConnectOptions } from "../driver.ts";
import { endpointOf, targetOf } from "./config.ts";
import { SqlConnection } from "../sql/connection.ts";
import { LIBSQL } from "./family.ts";
import { openFile } from "./file_session.ts";
import { openRemote } from "./remote.ts";

/** Opens a session. @throws {LoadError} `connection_failed`, `authentication_failed`, … */
export async function connect(config: Config, options: ConnectOptions): Promise<Connection> {
  const target = targetOf(config);
  const session = target.kind === "file"
    ? await openFile({ ...target, readOnly: options.readOnly ?? false })
    : await openRemote(target);
  return new SqlConnection(
    { session, family: LIBSQL, endpoint: endpointOf(target) },
    options.codec,
  );
}
