/**
 * A database's failure in the words of this program. Drivers classify by a table of codes, never by
 * matching text, and never pass on the server's own message: it may carry values.
 */
import type { Blame, ErrorCode } from "./errors.ts";
import { LoadError } from "./errors.ts";

/**
 * What kind of failure it is, and so what may be done about it.
 *
 * - `data`, `integrity`: of rows; only these may ever reject a row
 * - `conflict`: deadlock, serialisation, lock wait: the transaction may be tried again
 * - `connection`: lost or refused; `unavailable`: starting, stopping, too many connections
 * - `timeout`: no answer in time
 * - `authentication`, `privilege`, `missing_table` (or its schema, or its database),
 *   `missing_column`, `resource` (disk, memory), `invalid_plan` (the statement itself is wrong),
 *   `unknown`: the load stops at once
 * - `counts`: the database took another number of rows than it was sent
 * - `source_changed`: the ledger has other rows of the source where these stand
 * - `table_changed`: the table is not the one that the load has filled, or lacks rows of it
 */
export type FailureKind =
  | "data"
  | "integrity"
  | "conflict"
  | "connection"
  | "unavailable"
  | "authentication"
  | "privilege"
  | "missing_table"
  | "missing_column"
  | "resource"
  | "timeout"
  | "invalid_plan"
  | "counts"
  | "source_changed"
  | "table_changed"
  | "unknown";

/** One failure of a database. Structured-clonable, free of row values and secrets. */
export interface Failure {
  /** What kind it is. */
  readonly kind: FailureKind;
  /** One sentence: what failed, on which endpoint, and the way out where there is one. */
  readonly message: string;
  /** SQLSTATE, or the name of the result code (`SQLITE_BUSY`); for the network, `ECONNREFUSED`. */
  readonly code: string;
  /** The column, constraint or table that the database names. */
  readonly column?: string;
  /** The constraint that the database names. */
  readonly constraint?: string;
  /** The table that the database names. */
  readonly table?: string;
  /** Row within the batch, from 0, where the protocol names one. */
  readonly row?: number;
  /** Whether the commit may have happened: it was sent, and the answer never came. */
  readonly commitUnknown?: boolean;
}

const ERROR_OF: Record<FailureKind, { code: ErrorCode; blame: Blame; retry: boolean }> = {
  data: { code: "rows_rejected", blame: "data", retry: false },
  integrity: { code: "rows_rejected", blame: "data", retry: false },
  conflict: { code: "conflict", blame: "database", retry: true },
  connection: { code: "connection_lost", blame: "database", retry: true },
  unavailable: { code: "connection_failed", blame: "database", retry: true },
  authentication: { code: "authentication_failed", blame: "config", retry: false },
  privilege: { code: "privilege_missing", blame: "config", retry: false },
  missing_table: { code: "table_missing", blame: "config", retry: false },
  missing_column: { code: "column_missing", blame: "config", retry: false },
  resource: { code: "resource_exhausted", blame: "database", retry: false },
  timeout: { code: "timeout", blame: "database", retry: true },
  invalid_plan: { code: "plan_refused", blame: "plugin", retry: false },
  counts: { code: "counts_differ", blame: "plugin", retry: false },
  source_changed: { code: "source_changed", blame: "data", retry: false },
  table_changed: { code: "table_changed", blame: "database", retry: false },
  unknown: { code: "database_failed", blame: "database", retry: false },
};

/** A failure as the error to throw where no value can carry it: at set-up and at the end. */
export function failureError(failure: Failure, cause?: unknown): LoadError {
  const { code, blame, retry } = ERROR_OF[failure.kind];
  return new LoadError(failure.message, {
    code: failure.commitUnknown ? "commit_unknown" : code,
    blame,
    retry: failure.commitUnknown ? false : retry,
    vendorCode: failure.code,
    ...(cause === undefined ? {} : { cause }),
  });
}
