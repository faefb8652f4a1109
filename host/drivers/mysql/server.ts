import { LoadError } from "../../../src/model/errors.ts";

/** What a server is, and whether it will do. */
export interface Server {
  /** Else it is MySQL, on which nothing here is tested. */
  readonly isMariaDb: boolean;
  /** Bytes of a statement, and of an answer. */
  readonly packetBytesMax: number;
  /** Whether names of tables are kept in lower case. */
  readonly foldsTables: boolean;
  /** Whether it tells which row of a statement it has refused. */
  readonly namesRows: boolean;
  /** Whether it takes LOAD DATA LOCAL. */
  readonly localInfile: boolean;
  /** Whether this user may look at where tables are stored. */
  readonly showsStorage: boolean;
}

/** Before these, CHECK constraints are passed over in silence, or cannot be read. */
const OLDEST = { MariaDB: [10, 5], MySQL: [8, 0] } as const;

/** What a version's text says. @throws {LoadError} `connection_failed` of a server that is too old */
export function serverOf(
  version: string,
  endpoint: string,
): Pick<Server, "isMariaDb" | "namesRows"> {
  const isMariaDb = /mariadb/i.test(version);
  const name = isMariaDb ? "MariaDB" : "MySQL";
  // A MariaDB that replicates to old servers puts a version of MySQL before its own.
  const [major = 0, minor = 0] = version.replace(/^5\.5\.5-/, "").split(/[.-]/).map(Number);
  const [oldest, oldestMinor] = OLDEST[name];
  if (major < oldest || (major === oldest && minor < oldestMinor)) {
    throw new LoadError(
      `The server is too old: ${endpoint} is ${name} ${major}.${minor}, and a load needs ` +
        `${oldest}.${oldestMinor} or later`,
      { code: "connection_failed", blame: "config", retry: false },
    );
  }
  return { isMariaDb, namesRows: isMariaDb && (major > 10 || minor >= 7) };
}
