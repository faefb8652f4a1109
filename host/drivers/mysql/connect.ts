/** Opens sessions of the MySQL family, on `mysql2`. */
import { type Connection as Client, type ConnectionOptions, createConnection } from "mysql2";
import { LoadError } from "../../../src/model/errors.ts";
import type { Config } from "../../../src/model/config_schema.ts";
import type { Connection, ConnectOptions } from "../driver.ts";
import { readTlsFiles } from "../server/tls_files.ts";
import { SqlConnection } from "../sql/connection.ts";
import { SessionError } from "../sql/failures.ts";
import { endpointOf, readTarget, type Target } from "./config.ts";
import { MYSQL_FAILURES } from "./failures.ts";
import { mysqlFamily } from "./family.ts";
import { serverOf } from "./server.ts";
import { MysqlSession } from "./session.ts";

/**
 * What a session needs so that nothing is changed in silence. A text ends at a quote alone; a 0 in a
 * identity column is a 0; nobody waits for a table's lock until the statement's time is up.
 */
const OPENING = [
  "SET NAMES utf8mb4 COLLATE utf8mb4_bin",
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO," +
  "NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO,NO_BACKSLASH_ESCAPES'",
  "SET SESSION time_zone = '+00:00', autocommit = 1, foreign_key_checks = 1, unique_checks = 1, " +
  "sql_notes = 1, lock_wait_timeout = 60, default_storage_engine = InnoDB",
  "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
];

/** Opens a session. @throws {LoadError} `connection_failed`, `authentication_failed`, … */
export async function connect(config: Config, options: ConnectOptions): Promise<Connection> {
  const target = readTarget(config);
  const endpoint = endpointOf(target);
  let session: MysqlSession | undefined;
  try {
    session = await openSession(target);
    for (const sql of OPENING) await session.setUp(sql);
    if (options.readOnly) await session.setUp("SET SESSION TRANSACTION READ ONLY");
    const [row] = await session.all(
      "SELECT version(), @@max_allowed_packet, @@lower_case_table_names, @@local_infile",
    );
    const [version, packetBytesMax, folds, localInfile] = row!;
    const server = serverOf(String(version), endpoint);
    session.server = {
      ...server,
      packetBytesMax: Number(packetBytesMax),
      foldsTables: Number(folds) > 0,
      localInfile: Number(localInfile) > 0,
      showsStorage: await showsStorage(session, server.isMariaDb),
    };
    return new SqlConnection(
      { session, family: mysqlFamily(session.server), endpoint },
      options.codec,
    );
  } catch (error) {
    await session?.close();
    // Of what the session is to make tables by.
    const lacks = error instanceof SessionError && error.code.endsWith("_STORAGE_ENGINE");
    throw lacks ? lacksInnoDb(endpoint) : await MYSQL_FAILURES.notConnected(error, endpoint);
  }
}

function lacksInnoDb(endpoint: string): LoadError {
  return new LoadError(
    `The server lacks InnoDB, whose tables alone have transactions: switch it on at ${endpoint}`,
    { code: "connection_failed", blame: "config", retry: false },
  );
}

async function showsStorage(session: MysqlSession, isMariaDb: boolean): Promise<boolean> {
  const table = isMariaDb ? "INNODB_SYS_TABLES" : "INNODB_TABLES";
  try {
    await session.all(`SELECT 1 FROM information_schema.${table} LIMIT 1`);
    return true;
  } catch (error) {
    if (MYSQL_FAILURES.kindOf(error) === "privilege") return false;
    throw error;
  }
}

/** Where TLS is preferred only, goes on without it where the server offers none. */
async function openSession(target: Target): Promise<MysqlSession> {
  if (target.socket !== undefined || target.tls === "disable") return await open(target, undefined);
  try {
    return await open(target, await tlsOptions(target));
  } catch (error) {
    const refused = error instanceof SessionError && error.code === "HANDSHAKE_NO_SSL_SUPPORT";
    if (target.tls !== "prefer" || !refused) throw error;
    return await open(target, undefined);
  }
}

function open(target: Target, ssl: ConnectionOptions["ssl"]): Promise<MysqlSession> {
  const { user, password, database, host, port, socket, connectTimeoutMs, bulk } = target;
  const { statementTimeoutMs } = target;
  const connection: Client = createConnection({
    ...(socket === undefined ? { host, port } : { socketPath: socket }),
    ...(ssl === undefined ? {} : { ssl }),
    ...(database === "" ? {} : { database }),
    user,
    password: password.reveal(),
    charset: "utf8mb4_bin",
    connectTimeout: connectTimeoutMs,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    jsonStrings: true,
    multipleStatements: false,
    disableEval: true,
    // A server that asks for a file is sent rows that are waiting, or nothing.
    flags: bulk === "insert" ? ["-LOCAL_FILES"] : [],
  });
  return new Promise((resolve, reject) => {
    connection.on("error", () => {});
    connection.connect((error) => {
      if (!error) {
        resolve(new MysqlSession({ connection, statementTimeoutMs, bulk }));
        return;
      }
      connection.destroy();
      const { code } = error as { code?: unknown };
      reject(new SessionError(typeof code === "string" ? code : "ECONNRESET"));
    });
  });
}

/** As with PostgreSQL, whoever names certificates to trust has them looked at, whatever the mode. */
async function tlsOptions(target: Target): Promise<NonNullable<ConnectionOptions["ssl"]>> {
  const { tls, tlsCaFile } = target;
  return {
    ...await readTlsFiles(target, () => new SessionError("TLS_FILE_UNREADABLE")),
    rejectUnauthorized: tls === "verify-ca" || tls === "verify-full" || tlsCaFile !== undefined,
    verifyIdentity: tls === "verify-full",
  };
}
