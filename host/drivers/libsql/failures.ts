/**
 * Failures by their code: SQLite's result codes, the codes of libSQL's server, and the network.
 * Extended codes that are not listed fall back to their family.
 */
import { tableLabel } from "../../../src/model/batch.ts";
import type { LoadError } from "../../../src/model/errors.ts";
import { type Failure, failureError, type FailureKind } from "../../../src/model/failure.ts";
import { failuresByCode, type KnownFailure } from "../failure_codes.ts";
import type { FailureContext } from "../sql/family.ts";
import { foldCase } from "./names_and_types.ts";
import { type Missing, SessionError } from "./session.ts";

/** A session that was closed before it sent its COMMIT: nothing was committed, and that is certain. */
const COMMIT_NOT_SENT = "COMMIT_NOT_SENT";

/**
 * Sentences are about "the database"; the endpoint is put behind them. SQLite's result codes:
 * https://sqlite.org/rescode.html. Those of libsql-server: src/hrana/stmt.rs and src/hrana/http/stream.rs.
 */
const FAILURES = failuresByCode({
  data: {
    SQLITE_TOOBIG: "The row is larger than the database takes",
    SQLITE_CONSTRAINT_DATATYPE: "A value is not of the type that the STRICT table asks for",
    SQLITE_MISMATCH: "A value is no integer, as an INTEGER PRIMARY KEY has to be",
    VALUE_NOT_FINITE: "An infinite number cannot be sent to a libSQL server",
  },
  integrity: {
    SQLITE_CONSTRAINT: "A constraint of the table refuses the row",
    SQLITE_CONSTRAINT_CHECK: "A CHECK constraint of the table refuses the row",
    SQLITE_CONSTRAINT_FOREIGNKEY: "The row refers to one that is not there (FOREIGN KEY)",
    SQLITE_CONSTRAINT_NOTNULL: "NULL comes for a column that takes none (NOT NULL)",
    SQLITE_CONSTRAINT_PRIMARYKEY: "A row with the same primary key is there already (PRIMARY KEY)",
    SQLITE_CONSTRAINT_ROWID: "A row with the same rowid is there already",
    SQLITE_CONSTRAINT_TRIGGER: "A trigger of the table refuses the row",
    SQLITE_CONSTRAINT_UNIQUE: "A row with the same values is there already (UNIQUE)",
  },
  conflict: {
    SQLITE_ABORT: "The database gave up the statement since its transaction was undone",
    SQLITE_BUSY:
      "The database is locked by another connection; wait for it, or raise busyTimeoutMs",
    SQLITE_LOCKED: "A table is locked by another statement",
    SQLITE_PROTOCOL: "The database's locks could not be taken",
    SQLITE_SCHEMA: "The database's schema changed under the statement",
    ENGINE_IN_USE:
      "The database needs libSQL's engine, and this process has the file open on SQLite's; wait " +
      "until that is closed, or set engine to libsql everywhere",
    TRANSACTION_BUSY: "The server is busy with another transaction",
  },
  connection: {
    TRANSACTION_CLOSED: "The server has ended the transaction",
    STREAM_EXPIRED: "The server has ended the session for being idle",
    HRANA_WEBSOCKET_ERROR: "The WebSocket to the server failed",
    HRANA_CLOSED_ERROR: "The connection to the server is closed",
    COMMIT_NOT_SENT: "The connection was closed before the batch was committed",
    ENETWORK: "The server cannot be reached, or the connection broke",
  },
  unavailable: {
    ECONNREFUSED:
      "Nothing listens at the server's address; see whether the server runs, and host and port are right",
    ENOTFOUND: "The name of the server's host is not known",
    EAI_AGAIN: "The name of the server's host could not be looked up right now",
    "EHOSTDOWN EHOSTUNREACH": "The server's host cannot be reached",
    "ENETDOWN ENETUNREACH": "The server's network cannot be reached",
    PROXY_ERROR: "The server could not reach its primary",
    HTTP_429: "The server takes no more requests for now",
    HTTP_5XX: "The server reports an error of its own",
  },
  timeout: {
    SQLITE_INTERRUPT: "The database interrupted the statement",
    TRANSACTION_TIMEOUT:
      "The batch takes longer than the server lets a transaction last; use smaller batches",
    HTTP_408: "The request did not reach the server in time",
    ETIMEDOUT: "The server did not answer in time; see requestTimeoutMs",
  },
  authentication: {
    HTTP_401: "The server refuses the authToken, or asks for one",
    TLS_FAILED:
      "TLS failed: check the host's name, the server's certificate, and whether it speaks TLS there",
  },
  privilege: {
    SQLITE_PERM: "The database may not be accessed in this way",
    SQLITE_READONLY: "The database cannot be written; make the file and its folder writable",
    SQLITE_AUTH: "The database does not allow the statement",
    BLOCKED: "The server blocks the operation for this database",
    HTTP_403: "The authToken lacks the privilege",
  },
  resource: {
    SQLITE_NOMEM: "The database ran out of memory",
    SQLITE_IOERR: "The database could not read or write its file",
    SQLITE_FULL: "The disk is full, or the database has reached its size limit",
    SQLITE_CANTOPEN:
      "The database file or its journal cannot be opened; see whether its folder is there and " +
      "writable",
    SQLITE_NOLFS: "The system takes no database file of this size",
    HTTP_413: "The request is larger than the server takes; use smaller batches",
  },
  invalid_plan: {
    SQLITE_ERROR:
      "The database does not take a statement of the plan: it is wrong, or a table or column " +
      "that it names is missing or cannot be written",
    SQL_PARSE_ERROR: "The server cannot parse a statement of the plan",
    SQL_INPUT_ERROR:
      "The server does not take a statement of the plan: it is wrong, or a table or column that " +
      "it names is missing or cannot be written",
    SQL_NO_STATEMENT: "A statement of the plan is empty",
    SQL_MANY_STATEMENTS: "A statement of the plan is more than one",
  },
  unknown: {
    SQLITE_INTERNAL: "The database reports a defect of its own",
    SQLITE_CORRUPT:
      "The database file is damaged; restore it, or check it with PRAGMA integrity_check",
    SQLITE_MISUSE: "The database's interface was used wrongly",
    SQLITE_RANGE: "A value was bound to a parameter that the statement lacks",
    SQLITE_NOTADB: "The file is no SQLite database, or it is encrypted; name another file",
    ENGINE_MISSING: "The engine that the database needs cannot be loaded here",
    ARGS_INVALID: "The server does not take the parameters of the statement",
    RESPONSE_TOO_LARGE: "The server's answer is larger than it allows",
    HTTP_400: "The server does not take the request",
    HTTP_404: "The server has no database at this address",
    HRANA_PROTO_ERROR: "The server does not speak libSQL's protocol",
    VALUE_NOT_BINDABLE: "The codec made a value that cannot be bound",
  },
});

/** What SQLite has no code for. */
const MISSING: Readonly<Record<Missing, KnownFailure>> = {
  table: { kind: "missing_table", text: "The table is missing" },
  column: { kind: "missing_column", text: "A column is missing in the table" },
};

/** Rows of a batch that the server will never take in one piece. */
export const TOO_MUCH_AT_ONCE: ReadonlySet<string> = new Set(["TRANSACTION_TIMEOUT", "HTTP_413"]);

/** The failure that a session's error stands for. What is no {@linkcode SessionError} is thrown on. */
export function failureOf(error: unknown, context: FailureContext): Failure {
  if (!(error instanceof SessionError)) throw error;
  const { kind, text: sentence } = error.missing ? MISSING[error.missing] : lookUp(error.code);
  const known = knownColumns(error, context.columns ?? []);
  const lost = kind === "connection" || kind === "timeout" || kind === "unavailable";
  const commitUnknown = context.committing && lost && error.code !== COMMIT_NOT_SENT;
  return {
    kind,
    code: error.code,
    message: `${sentence}${known.length > 0 ? `, column ${known.join(", ")}` : ""}: ` +
      `${context.table ? `table ${tableLabel(context.table)} of ` : ""}${context.endpoint}`,
    ...(known[0] === undefined ? {} : { column: known[0] }),
    ...(context.table ? { table: tableLabel(context.table) } : {}),
    ...(commitUnknown ? { commitUnknown } : {}),
  };
}

/** Columns of the shape that an error names, in its order; the table may spell them in other letters. */
export function knownColumns(error: SessionError, columns: readonly string[]): string[] {
  const spelled = new Map(columns.map((name) => [foldCase(name), name]));
  return error.columns.flatMap((name) => spelled.get(foldCase(name)) ?? []);
}

/** One sentence about a row that was refused, without the endpoint. */
export function rowSentence(error: SessionError, columns: readonly string[]): string {
  const known = knownColumns(error, columns);
  return lookUp(error.code).text + (known.length > 0 ? `, column ${known.join(", ")}` : "");
}

/** What kind of failure a code stands for. */
export function kindOf(code: string): FailureKind {
  return lookUp(code).kind;
}

function lookUp(code: string): KnownFailure {
  const family = code.split("_").slice(0, 2).join("_");
  return FAILURES.get(/^HTTP_5\d\d$/.test(code) ? "HTTP_5XX" : code) ?? FAILURES.get(family) ??
    { kind: "unknown", text: "The database failed" };
}

/** The same for a session that could not be opened: what is lost later is unavailable there. */
export function notConnected(error: unknown, endpoint: string): LoadError {
  const failure = failureOf(error, { endpoint, what: "Connecting" });
  const kind = failure.kind === "connection" ? "unavailable" : failure.kind;
  return failureError({ ...failure, kind });
}
