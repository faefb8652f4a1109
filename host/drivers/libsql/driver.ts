/** The driver of libSQL: files on SQLite's engine or libSQL's, servers through `@libsql/client`. */
import type { Config } from "../../../src/config/schema.ts";
import type { Connection, ConnectOptions, Driver } from "../driver.ts";
import { endpointOf, LIBSQL_CONFIG, targetOf } from "./config.ts";
import { LibsqlConnection } from "./connection.ts";
import { IDENTIFIER_BYTES_MAX } from "./dialect.ts";
import { openFile } from "./file_session.ts";
import { openRemote } from "./remote.ts";

/** Family `libsql`: SQLite files and libSQL servers. */
export const libsqlDriver: Driver = {
  family: "libsql",
  schemes: ["libsql", "file", "https", "http", "wss", "ws"],
  config: LIBSQL_CONFIG,
  identifierBytesMax: IDENTIFIER_BYTES_MAX,
  writersMax: 1,
  endpoint: (config: Config): string => endpointOf(targetOf(config)),
  connect: async (config: Config, options: ConnectOptions): Promise<Connection> => {
    const target = targetOf(config);
    const session = target.kind === "file" ? await openFile(target) : await openRemote(target);
    return new LibsqlConnection(session, { codec: options.codec, endpoint: endpointOf(target) });
  },
};
