/** Failures by their code: the server's, by the names of its manual, the network's, and our own. */
import { failuresByCode } from "../failure_codes.ts";
import { NETWORK_FAILURES } from "../server/network_failures.ts";
import { failureWords } from "../sql/failures.ts";
import { foldCase } from "./names_and_types.ts";

const CODED = failuresByCode(NETWORK_FAILURES, {
  data: {
    ER_DATA_TOO_LONG: "A value is longer than its column takes",
    "ER_WARN_DATA_OUT_OF_RANGE ER_DATA_OUT_OF_RANGE ER_ILLEGAL_VALUE_FOR_TYPE":
      "A number is out of the range of its column",
    "ER_TRUNCATED_WRONG_VALUE ER_TRUNCATED_WRONG_VALUE_FOR_FIELD":
      "A value is not of the type of its column",
    ER_INVALID_JSON_TEXT: "A value is no JSON that the server takes",
    "ER_TOO_BIG_ROWSIZE_ROW WARN_DATA_TRUNCATED ER_TOO_BIG_FOR_UNCOMPRESS":
      "The column would keep another value than the one that comes",
    "ER_INVALID_CHARACTER_STRING ER_CANNOT_CONVERT_STRING ER_CANNOT_CONVERT_CHARACTER":
      "A text has characters that the character set of its column lacks; utf8mb4 has them all",
    PACKET_TOO_LARGE:
      "The row is larger than the server's max_allowed_packet: raise it, or leave the row out",
    VALUE_NOT_FINITE: "The database keeps no infinite number",
  },
  integrity: {
    ER_BAD_NULL_ERROR: "NULL comes for a column that takes none (NOT NULL)",
    ER_NO_DEFAULT_FOR_FIELD: "A column without a default takes no row that lacks it",
    "ER_DUP_ENTRY ER_DUP_ENTRY_WITH_KEY_NAME ER_DUP_UNKNOWN_IN_INDEX":
      "A row with the same values is there already (UNIQUE)",
    "ER_NO_REFERENCED_ROW ER_NO_REFERENCED_ROW_2":
      "The row refers to one that is not there (FOREIGN KEY)",
    "ER_ROW_IS_REFERENCED ER_ROW_IS_REFERENCED_2":
      "Another table refers to a row that would go (FOREIGN KEY)",
    "ER_CONSTRAINT_FAILED ER_CHECK_CONSTRAINT_VIOLATED":
      "A CHECK constraint of the table refuses the row",
    ER_SIGNAL_EXCEPTION: "A trigger of the table refuses the row",
    ER_NO_PARTITION_FOR_GIVEN_VALUE: "The table has no partition for the row",
  },
  conflict: {
    ER_LOCK_DEADLOCK: "Another transaction is in the way (deadlock)",
    ER_LOCK_WAIT_TIMEOUT: "Another transaction holds a lock for too long",
    ER_CHECKREAD: "A row has changed since it was read",
    ER_TABLE_DEF_CHANGED: "The table was changed meanwhile",
    PREPARE_LOCKED: "Another load is being prepared in this database",
    TRANSACTION_LOST: "The server had undone the transaction before its COMMIT",
    ER_TABLE_EXISTS_ERROR: "Another session has made the table meanwhile",
  },
  connection: {
    "ER_CONNECTION_KILLED PROTOCOL_CONNECTION_LOST": "The connection to the server was lost",
  },
  unavailable: {
    ER_CON_COUNT_ERROR:
      "The server has no connection left: lower poolSize, or raise max_connections",
    ER_TOO_MANY_USER_CONNECTIONS: "The user has no connection left: lower poolSize",
    ER_USER_LIMIT_REACHED: "The user has reached a limit of its account",
    "ER_SERVER_SHUTDOWN ER_NORMAL_SHUTDOWN": "The server is stopping",
    ETIMEDOUT: "The server did not answer within connectTimeoutMs",
  },
  timeout: {
    ER_QUERY_INTERRUPTED: "The statement was cancelled",
    "ER_STATEMENT_TIMEOUT ER_QUERY_TIMEOUT": "The statement took too long for the server",
    STATEMENT_TIMEOUT: "No answer came within statementTimeoutMs; the connection was given up",
  },
  authentication: {
    "ER_ACCESS_DENIED_ERROR ER_ACCESS_DENIED_NO_PASSWORD_ERROR":
      "The server refused user or password: check both",
    "ER_NOT_SUPPORTED_AUTH_MODE AUTH_SWITCH_PLUGIN_ERROR":
      "The user has to log in in a way that is not known here",
    "ER_MUST_CHANGE_PASSWORD ER_MUST_CHANGE_PASSWORD_LOGIN": "The user's password has expired",
    ER_ACCOUNT_HAS_BEEN_LOCKED: "The user's account is locked",
    ER_HOST_NOT_PRIVILEGED: "The server lets nobody in from this host",
    ER_HOST_IS_BLOCKED: "The server has blocked this host: FLUSH HOSTS lets it in again",
    HANDSHAKE_NO_SSL_SUPPORT: "The server offers no TLS, which the setting tls asks for",
    HANDSHAKE_SSL_ERROR:
      "TLS failed: check the setting tls, the host's name and the server's certificate",
    TLS_FILE_UNREADABLE: "A file of tlsCaFile, tlsCertFile or tlsKeyFile cannot be read",
  },
  privilege: {
    "ER_DBACCESS_DENIED_ERROR ER_TABLEACCESS_DENIED_ERROR ER_COLUMNACCESS_DENIED_ERROR ER_SPECIFIC_ACCESS_DENIED_ERROR":
      "The user lacks a privilege: grant it, or connect as another",
    "ER_OPTION_PREVENTS_STATEMENT ER_READ_ONLY_MODE ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION":
      "The server takes no writes: connect to the primary",
  },
  missing_table: {
    "ER_NO_SUCH_TABLE ER_BAD_TABLE_ERROR": "The table is missing",
    ER_BAD_DB_ERROR:
      "There is no such database: make it with CREATE DATABASE, or name another one in the url",
    ER_NO_DB_ERROR: "No database is named: write it into the url",
  },
  missing_column: {
    ER_BAD_FIELD_ERROR: "A column is missing in the table",
  },
  resource: {
    ER_NET_PACKET_TOO_LARGE:
      "A statement is larger than the server's max_allowed_packet: raise it, or use smaller " +
      "batches",
    "ER_DISK_FULL ER_RECORD_FILE_FULL":
      "The server's disk is full, or the table has reached its size limit",
    ER_LOCK_TABLE_FULL: "The server has no room for further locks: raise innodb_buffer_pool_size",
    "ER_OUT_OF_RESOURCES ER_OUTOFMEMORY": "The server ran out of memory",
  },
  invalid_plan: {
    ER_PARSE_ERROR: "The server cannot read a statement of the plan",
    "ER_TOO_BIG_ROWSIZE ER_TOO_LONG_KEY ER_TOO_MANY_FIELDS ER_TOO_MANY_KEY_PARTS":
      "The table would have rows, columns or keys that are too large",
    ER_BLOB_KEY_WITHOUT_LENGTH: "A text without a length cannot be a key",
    ER_NON_INSERTABLE_TABLE: "The name is not that of a table that takes rows",
    ER_GENERATED_COLUMN_IS_NOT_ALLOWED: "The server computes a column by itself",
    ER_WARNING_NON_DEFAULT_VALUE_FOR_GENERATED_COLUMN:
      "The server computes a column by itself: leave its field out of the source",
  },
});
/** What else a code is like, by how it begins or what is in it. */
const LIKE: readonly (readonly [form: RegExp, code: string])[] = [
  // Whatever else an INSERT warns of is about its values.
  [/^WARNING_/, "WARN_DATA_TRUNCATED"],
  // A socket that is closed takes no further statement.
  [/^ERR_STREAM_/, "PROTOCOL_CONNECTION_LOST"],
  [/CERT|_SSL_|ERR_TLS/, "HANDSHAKE_SSL_ERROR"],
];

/** What is said of them. */
export const MYSQL_FAILURES = failureWords({
  codes: CODED,
  like: (code) => LIKE.find(([form]) => form.test(code))?.[1],
  foldCase,
  isServer: true,
});
