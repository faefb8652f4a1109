/** The database clients as one would use them by hand, without anything of ours. */
import { connect } from "node:net";
import Database from "libsql";
import postgres from "postgres";

/**
 * A pool of postgres.js, over TCP without Nagle's delay, which its own sockets have: there a COPY
 * waits 40 ms for an acknowledgement. A URL without a host names the folder of a Unix socket in its
 * parameter `host`.
 */
export function plainPostgres(url: string, max = 1): postgres.Sql {
  const { searchParams, pathname, username } = new URL(url.replace("@/", "@localhost/"));
  const common = { max, fetch_types: false, onnotice: () => {} };
  const folder = searchParams.get("host");
  if (folder !== null) {
    const path = `${folder}/.s.PGSQL.${searchParams.get("port")}`;
    return postgres({ ...common, path, username, database: pathname.slice(1) });
  }
  const options = {
    ...common,
    socket: ({ host, port }: { host: string[]; port: number[] }) =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: host[0]!, port: port[0]!, noDelay: true });
        socket.once("connect", () => resolve(socket)).once("error", reject);
      }),
  };
  return postgres(url, options as postgres.Options<Record<string, never>>);
}

/** What is used of `libsql`, whose own types are those of another package. */
export interface PlainLibsql {
  prepare(sql: string): { all(): unknown[] };
  close(): void;
}

/** A file, opened by the native engine. `url` is `libsql:` and its path. */
export function plainLibsql(url: string): PlainLibsql {
  const Native = Database as unknown as new (path: string) => PlainLibsql;
  return new Native(url.slice("libsql:".length));
}
