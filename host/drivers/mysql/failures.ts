/** Failures by their code: the server's, by the names of its manual, the network's, and our own. */
import { tableLabel } from "../../../src/batch.ts";
import { type Failure, failureError, type FailureKind } from "../../../src/failure.ts";
import type { LoadError } from "../../../src/errors.ts";
import type { FailureContext } from "../sql/family.ts";
import { foldCase } from "./dialect.ts";
import { SessionError } from "./session_error.ts";

/** Our own: the connection was closed before COMMIT was sent, or the transaction was gone by then. */
const NOT_COMMITTED = new Set(["TRANSACTION_LOST"]);

type Entry = readonly [FailureKind, string];

const LOST: Entry = ["connection", "The connection to the server was lost"];
const STOPPING: Entry = ["unavailable", "The server is stopping"];
const UNIQUE: Entry = ["integrity", "A row with the same values is there already (UNIQUE)"];
const FOREIGN: Entry = ["integrity", "The row refers to one that is not there (FOREIGN KEY)"];
const CHECKED: Entry = ["integrity", "A CHECK constraint of the table refuses the row"];
const NO_NULL: Entry = ["integrity", "NULL comes for a column that takes none (NOT NULL)"];
const CHANGED: Entry = ["data", "The column would keep another value than the one that comes"];
const TYPE: Entry = ["data", "A value is not of the type of its column"];
const RANGE: Entry = ["data", "A number is out of the range of its column"];
const PRIVILEGE: Entry = [
  "privilege",
  "The user lacks a privilege: grant it, or connect as another",
];
const READ_ONLY: Entry = ["privilege", "The server takes no writes: connect to the primary"];
const TABLE_GONE: Entry = ["missing_table", "The table is missing"];
const WIDE: Entry = [
  "invalid_plan",
  "The table would have rows, columns or keys that are too large",
];
const TLS: Entry = [
  "authentication",
  "TLS failed: check the setting tls, the host's name and the server's certificate",
];
const FULL: Entry = [
  "resource",
  "The server's disk is full, or the table has reached its size limit",
];

/** Sentences are about the database; the endpoint is put behind them. */
const TABLE: Readonly<Record<string, Entry>> = {
  // Of rows
  ER_BAD_NULL_ERROR: NO_NULL,
  ER_NO_DEFAULT_FOR_FIELD: ["integrity", "A column without a default takes no row that lacks it"],
  ER_DUP_ENTRY: UNIQUE,
  ER_DUP_ENTRY_WITH_KEY_NAME: UNIQUE,
  ER_DUP_UNKNOWN_IN_INDEX: UNIQUE,
  ER_NO_REFERENCED_ROW: FOREIGN,
  ER_NO_REFERENCED_ROW_2: FOREIGN,
  ER_ROW_IS_REFERENCED: ["integrity", "Another table refers to a row that would go (FOREIGN KEY)"],
  ER_ROW_IS_REFERENCED_2: [
    "integrity",
    "Another table refers to a row that would go (FOREIGN KEY)",
  ],
  ER_CONSTRAINT_FAILED: CHECKED,
  ER_CHECK_CONSTRAINT_VIOLATED: CHECKED,
  ER_SIGNAL_EXCEPTION: ["integrity", "A trigger of the table refuses the row"],
  ER_NO_PARTITION_FOR_GIVEN_VALUE: ["integrity", "The table has no partition for the row"],
  ER_DATA_TOO_LONG: ["data", "A value is longer than its column takes"],
  ER_WARN_DATA_OUT_OF_RANGE: RANGE,
  ER_DATA_OUT_OF_RANGE: RANGE,
  ER_ILLEGAL_VALUE_FOR_TYPE: RANGE,
  ER_TRUNCATED_WRONG_VALUE: TYPE,
  ER_TRUNCATED_WRONG_VALUE_FOR_FIELD: TYPE,
  ER_INVALID_JSON_TEXT: ["data", "A value is no JSON that the server takes"],
  ER_TOO_BIG_ROWSIZE_ROW: CHANGED,
  WARN_DATA_TRUNCATED: CHANGED,
  ER_INVALID_CHARACTER_STRING: ["data", "A text has characters that its column cannot keep"],
  ER_CANNOT_CONVERT_STRING: ["data", "A text has characters that its column cannot keep"],
  ER_CANNOT_CONVERT_CHARACTER: ["data", "A text has characters that its column cannot keep"],
  ER_TOO_BIG_FOR_UNCOMPRESS: CHANGED,
  PACKET_TOO_LARGE: [
    "data",
    "The row is larger than the server's max_allowed_packet: raise it, or leave the row out",
  ],
  VALUE_NOT_FINITE: ["data", "The database keeps no infinite number"],
  // Of transactions: a deadlock undoes all of it, a wait for a lock the statement alone
  ER_LOCK_DEADLOCK: ["conflict", "Another transaction is in the way (deadlock)"],
  ER_LOCK_WAIT_TIMEOUT: ["conflict", "Another transaction holds a lock for too long"],
  ER_CHECKREAD: ["conflict", "A row has changed since it was read"],
  ER_TABLE_DEF_CHANGED: ["conflict", "The table was changed meanwhile"],
  PREPARE_LOCKED: ["conflict", "Another load is being prepared in this database"],
  TRANSACTION_LOST: ["conflict", "The server had undone the transaction before its COMMIT"],
  // Of statements
  ER_PARSE_ERROR: ["invalid_plan", "The server cannot read a statement of the plan"],
  ER_NO_SUCH_TABLE: TABLE_GONE,
  ER_BAD_TABLE_ERROR: TABLE_GONE,
  ER_BAD_DB_ERROR: [
    "missing_table",
    "There is no such database: create it, or name another one in the url",
  ],
  ER_NO_DB_ERROR: ["missing_table", "No database is named: write it into the url"],
  ER_BAD_FIELD_ERROR: ["missing_column", "A column is missing in the table"],
  ER_TABLE_EXISTS_ERROR: ["conflict", "Another session has made the table meanwhile"],
  ER_TOO_BIG_ROWSIZE: WIDE,
  ER_TOO_LONG_KEY: WIDE,
  ER_TOO_MANY_FIELDS: WIDE,
  ER_TOO_MANY_KEY_PARTS: WIDE,
  ER_BLOB_KEY_WITHOUT_LENGTH: ["invalid_plan", "A text without a length cannot be a key"],
  ER_NON_INSERTABLE_TABLE: ["invalid_plan", "The name is not that of a table that takes rows"],
  ER_GENERATED_COLUMN_IS_NOT_ALLOWED: ["invalid_plan", "The server computes a column by itself"],
  ER_WARNING_NON_DEFAULT_VALUE_FOR_GENERATED_COLUMN: [
    "invalid_plan",
    "The server computes a column by itself: leave its field out of the source",
  ],
  // Of the server
  ER_ACCESS_DENIED_ERROR: ["authentication", "The server refused user or password: check both"],
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: [
    "authentication",
    "The server refused user or password: check both",
  ],
  ER_NOT_SUPPORTED_AUTH_MODE: [
    "authentication",
    "The user has to log in in a way that is not known here",
  ],
  AUTH_SWITCH_PLUGIN_ERROR: [
    "authentication",
    "The user has to log in in a way that is not known here",
  ],
  ER_MUST_CHANGE_PASSWORD: ["authentication", "The user's password has expired"],
  ER_MUST_CHANGE_PASSWORD_LOGIN: ["authentication", "The user's password has expired"],
  ER_ACCOUNT_HAS_BEEN_LOCKED: ["authentication", "The user's account is locked"],
  ER_HOST_NOT_PRIVILEGED: ["authentication", "The server lets nobody in from this host"],
  ER_HOST_IS_BLOCKED: [
    "authentication",
    "The server has blocked this host: FLUSH HOSTS lets it in again",
  ],
  ER_DBACCESS_DENIED_ERROR: PRIVILEGE,
  ER_TABLEACCESS_DENIED_ERROR: PRIVILEGE,
  ER_COLUMNACCESS_DENIED_ERROR: PRIVILEGE,
  ER_SPECIFIC_ACCESS_DENIED_ERROR: PRIVILEGE,
  ER_OPTION_PREVENTS_STATEMENT: READ_ONLY,
  ER_READ_ONLY_MODE: READ_ONLY,
  ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION: READ_ONLY,
  ER_CON_COUNT_ERROR: [
    "unavailable",
    "The server has no connection left: lower poolSize, or raise max_connections",
  ],
  ER_TOO_MANY_USER_CONNECTIONS: ["unavailable", "The user has no connection left: lower poolSize"],
  ER_USER_LIMIT_REACHED: ["unavailable", "The user has reached a limit of its account"],
  ER_SERVER_SHUTDOWN: STOPPING,
  ER_NORMAL_SHUTDOWN: STOPPING,
  ER_CONNECTION_KILLED: LOST,
  ER_QUERY_INTERRUPTED: ["timeout", "The statement was cancelled"],
  ER_STATEMENT_TIMEOUT: ["timeout", "The statement took too long for the server"],
  ER_QUERY_TIMEOUT: ["timeout", "The statement took too long for the server"],
  ER_NET_PACKET_TOO_LARGE: [
    "resource",
    "A statement is larger than the server's max_allowed_packet: raise it, or use smaller batches",
  ],
  ER_DISK_FULL: FULL,
  ER_RECORD_FILE_FULL: FULL,
  ER_LOCK_TABLE_FULL: [
    "resource",
    "The server has no room for further locks: raise innodb_buffer_pool_size",
  ],
  ER_OUT_OF_RESOURCES: ["resource", "The server ran out of memory"],
  ER_OUTOFMEMORY: ["resource", "The server ran out of memory"],
  ER_UNKNOWN_STORAGE_ENGINE: [
    "invalid_plan",
    "The server lacks InnoDB, and only its tables have transactions",
  ],
  ER_DISABLED_STORAGE_ENGINE: [
    "invalid_plan",
    "The server lacks InnoDB, and only its tables have transactions",
  ],
  // The network and the library
  ECONNREFUSED: [
    "unavailable",
    "Nothing listens there: is the server running, are host and port right?",
  ],
  ENOENT: ["unavailable", "There is no such socket: is the server running, is its path right?"],
  ENOTFOUND: ["unavailable", "The host's name is not known"],
  EAI_AGAIN: ["unavailable", "The host's name could not be looked up right now"],
  EHOSTUNREACH: ["unavailable", "The host cannot be reached"],
  ENETUNREACH: ["unavailable", "The network cannot be reached"],
  ETIMEDOUT: ["unavailable", "The server did not answer within connectTimeoutMs"],
  ECONNRESET: LOST,
  EPIPE: LOST,
  ECONNABORTED: LOST,
  PROTOCOL_CONNECTION_LOST: LOST,
  STATEMENT_TIMEOUT: [
    "timeout",
    "No answer came within statementTimeoutMs; the connection was given up",
  ],
  HANDSHAKE_NO_SSL_SUPPORT: [
    "authentication",
    "The server offers no TLS, which the setting tls asks for",
  ],
  HANDSHAKE_SSL_ERROR: TLS,
  TLS_FILE_UNREADABLE: [
    "authentication",
    "A file of tlsCaFile, tlsCertFile or tlsKeyFile cannot be read",
  ],
};

const UNKNOWN: Entry = ["unknown", "The server reported an error"];

function lookUp(code: string): Entry {
  const known = TABLE[code];
  if (known) return known;
  // Whatever else an INSERT warns of is about its values.
  if (code.startsWith("WARNING_")) return CHANGED;
  // A socket that is closed takes no further statement.
  if (code.startsWith("ERR_STREAM_")) return LOST;
  return /CERT|_SSL_|ERR_TLS/.test(code) ? TLS : UNKNOWN;
}

/** What kind of failure a code stands for. */
export function kindOf(code: string): FailureKind {
  return lookUp(code)[0];
}

/** The column of the shape that an error names. */
export function knownColumn(
  { column }: SessionError,
  columns: readonly string[],
): string | undefined {
  return columns.find((name) => column !== undefined && foldCase(name) === foldCase(column));
}

/** One sentence about a row that was refused, without the endpoint. */
export function rowSentence(error: SessionError, columns: readonly string[]): string {
  const column = knownColumn(error, columns);
  return `${lookUp(error.code)[1]} (${error.code}${
    column === undefined ? "" : `, column ${column}`
  })`;
}

/** The failure that a session's error stands for. What is no {@linkcode SessionError} is thrown on. */
export function failureOf(error: unknown, context: FailureContext): Failure {
  if (!(error instanceof SessionError)) throw error;
  const { code, constraint } = error;
  const [kind] = lookUp(code);
  const column = knownColumn(error, context.columns ?? []);
  const lost = kind === "connection" || kind === "timeout" || kind === "unavailable";
  const commitUnknown = context.committing === true && lost && !NOT_COMMITTED.has(code);
  return {
    kind,
    code,
    message: `${context.what} failed on ${context.endpoint}: ${
      commitUnknown
        ? `the answer to COMMIT never came, so it is not known whether the rows are in (${code})`
        : rowSentence(error, context.columns ?? [])
    }`,
    ...(column === undefined ? {} : { column }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(context.table ? { table: tableLabel(context.table) } : {}),
    ...(commitUnknown ? { commitUnknown } : {}),
  };
}

/** The same for a session that could not be opened: what is lost later is unavailable there. */
export function notConnected(error: unknown, endpoint: string): LoadError {
  const failure = failureOf(error, { endpoint, what: "Connecting" });
  const kind = failure.kind === "connection" || failure.kind === "timeout"
    ? "unavailable"
    : failure.kind;
  return failureError({ ...failure, kind });
}
