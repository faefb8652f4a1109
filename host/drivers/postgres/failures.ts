/**
 * Turns whatever a session throws into a {@linkcode Failure}: by a table of codes, with a sentence
 * of our own. The server's message, detail and context may carry values of rows and are not kept.
 */
import { LoadError } from "../../../src/model/errors.ts";
import type { Failure, FailureKind } from "../../../src/model/failure.ts";
import { failuresByCode, type KnownFailure } from "../failure_codes.ts";
import { NETWORK_FAILURES } from "../server/network_failures.ts";
import type { FailureContext } from "../sql/family.ts";
import { isSqlstate, sqlstateLabel } from "./sqlstate.ts";

/** The fields of the protocol's ErrorResponse that are looked at. Not one of them is a sentence. */
export interface ServerError {
  readonly code: string;
  /** ERROR, FATAL or PANIC, never translated. */
  readonly severity?: string;
  /** The function of the server that found it, never translated. */
  readonly routine?: string;
  readonly schema_name?: string;
  readonly table_name?: string;
  readonly column_name?: string;
  readonly constraint_name?: string;
  /** Translated, and may carry values; `copy.ts` reads the row number in it. */
  readonly where?: string;
}

/** A code of its own decides, else its class, which a SQLSTATE begins with. */
const FAILURES = failuresByCode(NETWORK_FAILURES, {
  data: {
    // It, or its index entry, is larger than a page can hold.
    "54000":
      "a row, or what an index keeps of it, is larger than a page of the server, some 8,000 " +
      "bytes: nest some of its columns in one of json, or load what is long into a column of " +
      "text",
    "22": "a value does not fit",
  },
  integrity: {
    // P0: raise_exception, and whatever else PL/pgSQL raises: a trigger of the table refuses the row.
    "23 40002 44000 P0": "a constraint refuses a row",
  },
  conflict: {
    // 72, snapshot too old: the transaction took too long, another one may not.
    "40 55006 55P03 72": "another transaction is in the way",
  },
  connection: {
    "CONNECTION_CLOSED 08 25P03 40003 57P05": "the connection was lost",
    "CONNECTION_ENDED CONNECTION_DESTROYED": "the connection was closed",
  },
  unavailable: {
    "53300": "the server has no connection left: lower poolSize, or raise max_connections",
    CONNECT_TIMEOUT:
      "the server did not answer within connectTimeoutMs, or the url's connect_timeout",
    "57P03": "the server is starting or stopping",
    "57P01 57P02": "the server is not available",
  },
  timeout: {
    "57014": "the statement took too long and was cancelled",
    STATEMENT_TIMEOUT: "no answer within statementTimeoutMs; the connection was given up",
    "25P04": "the statement took too long",
  },
  authentication: {
    "28000": "the server lets this user in from here in no way: check user, pg_hba.conf and tls",
    TLS_REFUSED: "the server offers no TLS, which the setting tls or the url's sslmode asks for",
    TLS_FAILED:
      "TLS failed: check the setting tls or the url's sslmode, the host's name and the server's " +
      "certificate",
    TLS_CA_UNREADABLE: "the file of tlsCaFile or sslrootcert cannot be read",
    TLS_CERT_UNREADABLE: "the file of tlsCertFile or sslcert cannot be read",
    TLS_KEY_UNREADABLE: "the file of tlsKeyFile or sslkey cannot be read",
    CHANNEL_BINDING_FAILED:
      "the server has another certificate than the one that came from there: a proxy that ends " +
      "TLS, or somebody else, stands in between",
    CHANNEL_BINDING_REFUSED:
      "the password cannot be bound to the server's certificate, which channel_binding=require " +
      "asks for: that takes TLS, and a server with scram-sha-256",
    SASL_SIGNATURE_MISMATCH: "the server could not prove that it knows the password",
    "28P01": "the server refused user or password: check both",
    "28": "the server refused to let us in",
  },
  privilege: {
    "25006": "the server takes no writes: connect to the primary, or as a role that may write",
    "42501": "the role lacks a privilege: grant it, or connect as another role",
    "0L 0P": "the role lacks a privilege",
  },
  missing_table: {
    // Neither a database nor a schema that is not there comes by waiting, and the tables are in them.
    "3D000":
      "there is no such database: make it with CREATE DATABASE, or name another one in the url",
    "3F000": "there is no such schema: create it, or name another one",
    "42P01": "a table does not exist",
    "57P04": "the database was dropped",
  },
  missing_column: {
    "42703": "a column does not exist",
  },
  resource: {
    "53100": "the server's disk is full",
    "53 58": "the server has run out of disk, memory or another resource",
  },
  invalid_plan: {
    "21000":
      "a statement of the plan would change one row twice: the plugin has to take the last of a " +
      "key",
    "42601":
      "the server cannot read a statement of the plan: is the plugin meant for this version of " +
      "it?",
    "42622": "a name is longer than the server's 63 bytes: choose a shorter one",
    "42701": "two columns have one name, or one has the name of a system column: rename it",
    "42804": "a column has another type than the plan has for it: has the table changed?",
    "42809": "the name is not that of a table that takes rows: name one",
    "42939": "the name is reserved for the server: choose another",
    "54001": "a statement of the plan is more than the server reads: load fewer columns at a time",
    "54011": "the table has more columns than the server takes: nest some of them in one of json",
    MAX_PARAMETERS_EXCEEDED: "too many parameters in a statement",
    NOT_A_COPY: "the statement is no COPY … FROM STDIN",
    "0A000":
      "the server does not do that with a table of this kind: look for row-level security, " +
      "rules and inheritance on it",
    "428C9": "the server computes a column by itself: leave its field out of the source",
    "42P10": "no unique constraint or index matches the key: create one, or name another key",
    "42P16": "the table cannot be made like that: look at its columns and its key",
    "0A 21 42 54": "the server does not take a statement that the plugin planned for this table",
  },
  unknown: {
    "55000":
      "what the name stands for takes no rows as it is: name a table, or see what state it is in",
    COMMIT_REFUSED: "the transaction was rolled back instead",
  },
});
const UNKNOWN: KnownFailure = { kind: "unknown", text: "the server reported an error" };

function lookUp(code: string): KnownFailure {
  const ofClass = isSqlstate(code) ? FAILURES.get(code.slice(0, 2)) : undefined;
  return FAILURES.get(code) ?? ofClass ?? UNKNOWN;
}

/** What kind of failure a code is: a SQLSTATE, or one of the network's, the library's or ours. */
export function kindOf(code: string): FailureKind {
  return lookUp(code).kind;
}

/** What kind of failure a session's error is. */
export function kindOfError(error: unknown): FailureKind {
  const { code, schema_name } = serverErrorOf(error);
  if (isOfPolicy(error)) return "integrity";
  // IF NOT EXISTS looks before it makes: who loses the race meets the catalog's unique index.
  return code === "23505" && schema_name === "pg_catalog" ? "conflict" : kindOf(code);
}

/** What is said of a row that a policy refuses. */
const POLICY_CLAUSE = "the table's row-level policy does not let this row in";

/**
 * Whether the table's row-level policy refuses a row: it has the code of a privilege that is missing, and
 * only the place in the server that checks rows tells it from one.
 */
export function isOfPolicy(error: unknown): boolean {
  const { code, routine } = serverErrorOf(error);
  return code === "42501" && routine === "ExecWithCheckOptions";
}

/** What is said of a row that the server refuses, where its code is not enough. */
export function rowClause(error: unknown): string | undefined {
  if (isOfPolicy(error)) return POLICY_CLAUSE;
  const known = FAILURES.get(serverErrorOf(error).code);
  return known?.kind === "data" ? known.text : undefined;
}

/** The failure that a session's error is; in that clause, where more is known than its code. */
export function classify(error: unknown, context: FailureContext, known?: string): Failure {
  const server = serverErrorOf(error);
  const { code } = server;
  const named = [
    server.table_name && `table ${server.table_name}`,
    server.column_name && `column ${server.column_name}`,
    server.constraint_name && `constraint ${server.constraint_name}`,
  ].filter((name) => name);
  const commitUnknown = context.committing === true && !rolledBack(error);
  const clause = commitUnknown
    ? `the answer to COMMIT never came, so it is not known whether the rows are in (${code})`
    : `${known ?? (isOfPolicy(error) ? POLICY_CLAUSE : lookUp(code).text)} ` +
      `(${[isSqlstate(code) ? sqlstateLabel(code) : code, ...named].join(", ")})`;
  return {
    kind: kindOfError(error),
    code,
    message: `${context.what} failed on ${context.endpoint}: ${clause}`,
    ...(server.column_name ? { column: server.column_name } : {}),
    ...(server.constraint_name ? { constraint: server.constraint_name } : {}),
    ...(server.table_name ? { table: server.table_name } : {}),
    ...(commitUnknown ? { commitUnknown } : {}),
  };
}

/**
 * Whether an error in answer to COMMIT says that the transaction was rolled back. A session that
 * ends in between (FATAL, a lost connection) leaves it open, and so does a cancel that comes late.
 */
export function rolledBack(error: unknown): boolean {
  const { severity, code } = serverErrorOf(error);
  return (severity === "ERROR" && kindOf(code) !== "timeout") || code === "COMMIT_REFUSED";
}

/** Whether an error comes from the server, the network or the session: those carry a code. */
export function isDatabaseError(error: unknown): boolean {
  return !(error instanceof LoadError) && serverErrorOf(error).code !== "UNKNOWN";
}

/** Protocol fields of an error; of one that is not the server's, its code alone. */
export function serverErrorOf(error: unknown): ServerError {
  if (typeof error !== "object" || error === null) return { code: "UNKNOWN" };
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? error as ServerError : { code: "UNKNOWN" };
}
