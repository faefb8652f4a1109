import type { PlanQuestion } from "./plan_question.ts";
import { missingPermission } from "./permission.ts";
import { printable } from "./printable.ts";

/** Who must act so that it works. */
export type Blame = "config" | "data" | "plugin" | "database" | "host";

/**
 * The closed set of error codes. `retry` says whether the same call may succeed later.
 *
 * - `usage`, `config_invalid`, `env_missing`: the command line, the configuration, its environment
 * - `backend_unknown`, `backend_exists`, `backend_invalid`: the registry and the factory
 * - `backend_unavailable`: health or its circuit breaker has taken the backend out of
 *   service, or it is being drained
 * - `plugin_unreadable`, `plugin_refused`, `plugin_manifest`, `plugin_failed`, `plugin_violation`,
 *   `plugin_exhausted`, `plugin_quarantined`, `plan_refused`: the plugin's file, its manifest, calls
 *   into it, its plan
 * - `install_refused`: a plugin that is to be installed; `reason` says which of the reasons it is
 * - `codec_unreadable`: the compiled codec is not built, or cannot be read
 * - `source_missing`, `source_unreadable`, `source_malformed`: what is read
 * - `table_missing`, `column_missing`, `column_required`, `key_missing`, `key_not_unique`,
 *   `type_unsupported`, `name_refused`, `table_refused`: the target table against the rows
 * - `source_empty`: a replace by no row, where that was not said to be meant
 * - `source_changed`: what was loaded of the source is not what stands there now
 * - `table_changed`: the table is not the one that the load has filled, or lacks rows of it
 * - `rows_rejected`: more rows that cannot be taken than may be left out
 * - `rejects_lost`: the file of rejects is not what the load has left of it
 * - `connection_failed`, `authentication_failed`, `privilege_missing`, `connection_lost`, `timeout`,
 *   `conflict`, `resource_exhausted`, `database_failed`, `commit_unknown`: the database
 * - `counts_differ`: the database took another number of rows than it was sent
 * - `permission_missing`: the runtime was started without a permission that this needs
 * - `cancelled`: somebody asked to stop
 * - `bug`: a defect of this program
 */
export type ErrorCode =
  | "usage"
  | "config_invalid"
  | "env_missing"
  | "backend_unknown"
  | "backend_exists"
  | "backend_invalid"
  | "backend_unavailable"
  | "plugin_unreadable"
  | "plugin_refused"
  | "plugin_manifest"
  | "plugin_failed"
  | "plugin_violation"
  | "plugin_exhausted"
  | "plugin_quarantined"
  | "plan_refused"
  | "install_refused"
  | "codec_unreadable"
  | "source_missing"
  | "source_unreadable"
  | "source_malformed"
  | "table_missing"
  | "column_missing"
  | "column_required"
  | "key_missing"
  | "key_not_unique"
  | "type_unsupported"
  | "name_refused"
  | "table_refused"
  | "source_empty"
  | "source_changed"
  | "table_changed"
  | "rows_rejected"
  | "rejects_lost"
  | "connection_failed"
  | "authentication_failed"
  | "privilege_missing"
  | "connection_lost"
  | "timeout"
  | "conflict"
  | "resource_exhausted"
  | "database_failed"
  | "commit_unknown"
  | "counts_differ"
  | "permission_missing"
  | "cancelled"
  | "bug";

/** One thing that is wrong, at one place. */
export interface Issue {
  /** Where: a dotted path, a file, a statement. */
  readonly path: string;
  /** What was expected and what came instead, without secrets and row values. */
  readonly message: string;
}

const NEXT_LINE = "\n  ";

/** What a {@linkcode LoadError} is made of. */
export interface LoadErrorOptions {
  /** What went wrong. */
  readonly code: ErrorCode;
  /** Who must act. */
  readonly blame: Blame;
  /** Whether the same call may succeed later; false by default. */
  readonly retry?: boolean;
  /** SQLSTATE or the vendor's own code, where a database failed. */
  readonly vendorCode?: string;
  /** Which of several reasons it is, by one word, where the code has several. */
  readonly reason?: string;
  /** Every single thing that is wrong, where there are several. */
  readonly issues?: readonly Issue[];
  /** Rows that have to be left out at the least, all in all, so that a load goes on. */
  readonly rejectsMin?: number | undefined;
  /** What a plugin was asked that has not planned. */
  readonly question?: PlanQuestion | undefined;
  /** What follows on the message, each on an indented line of its own. */
  readonly lines?: readonly string[];
  /** What was caught, for logs of developers; users see the message alone. */
  readonly cause?: unknown;
}

/**
 * The one error that this program throws: for set-up, cancellation and bugs. What is expected of a
 * batch is a value instead, see `WriteResult`.
 *
 * The message names the thing, the place and the way out. No row value, parameter, connection
 * string or secret stands in it. It has a line end only before a line of {@linkcode
 * LoadErrorOptions.lines}: names and reasons of others are made printable, and cannot add any.
 */
export class LoadError extends Error {
  /** The name that `Error.prototype.toString` prints. */
  override readonly name = "LoadError";
  /** What went wrong, from a closed set. */
  readonly code: ErrorCode;
  /** Who must act. */
  readonly blame: Blame;
  /** Whether the same call may succeed later. */
  readonly retry: boolean;
  /** SQLSTATE or the vendor's own code, if a database failed. */
  readonly vendorCode: string | undefined;
  /** Which of several reasons it is, as `hash_differs` of `install_refused`; absent where there is one. */
  readonly reason: string | undefined;
  /** Every single thing that is wrong; empty where the message says it all. */
  readonly issues: readonly Issue[];
  /** Rows that have to be left out at the least, all in all, so that a load goes on; else undefined. */
  readonly rejectsMin: number | undefined;
  /** What a plugin was asked that has not planned: `snakepipe check --replay` asks it again. */
  readonly question: PlanQuestion | undefined;

  /** Makes an error; `message` in the form "What was tried failed: the value". */
  constructor(message: string, options: LoadErrorOptions) {
    const lines = [message, ...options.lines ?? []].map(printable).join(NEXT_LINE);
    super(lines, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.blame = options.blame;
    this.retry = options.retry ?? false;
    this.vendorCode = options.vendorCode;
    this.reason = options.reason;
    this.issues = options.issues ?? [];
    this.rejectsMin = options.rejectsMin;
    this.question = options.question;
  }
}

/** For the end of a `switch` over a closed set. @throws {LoadError} `bug`, always. */
export function assertNever(value: never): never {
  throw new LoadError(`Unhandled case: ${JSON.stringify(value)}`, { code: "bug", blame: "host" });
}

/** What is wrong, as lines of a message. */
export function issueLines(issues: readonly Issue[]): string[] {
  return issues.map(({ path, message }) => `${path}: ${message}`);
}

/** The message of a {@linkcode LoadError} in its parts, for another one that says the same. */
export function partsOf(message: string): { readonly message: string; readonly lines: string[] } {
  const [first = "", ...lines] = message.split(NEXT_LINE);
  return { message: first, lines };
}

/** The message of anything that was thrown; of a permission that is missing, the flag that grants it. */
export function messageOf(error: unknown): string {
  if (error instanceof LoadError) return error.message;
  return missingPermission(error) ?? (error instanceof Error ? error.message : String(error));
}

/**
 * The error for what nobody has expected: `permission_missing` where that is the reason, which only
 * whoever starts the program can mend; else `bug`, with `what` before its message.
 */
export function unexpectedError(error: unknown, what: string): LoadError {
  return permissionError(error) ??
    new LoadError(`${what}: ${messageOf(error)}`, { code: "bug", blame: "host", cause: error });
}

/** What was thrown, as an error of this program. */
export function loadErrorOf(thrown: unknown): LoadError {
  return thrown instanceof LoadError ? thrown : unexpectedError(thrown, "Unexpected error");
}

/** The error `permission_missing`, where that is what an error comes from. */
export function permissionError(
  error: unknown,
  reason: string | undefined = missingPermission(error),
): LoadError | undefined {
  return reason === undefined ? undefined : new LoadError(`A permission is missing: ${reason}`, {
    code: "permission_missing",
    blame: "config",
    cause: error,
  });
}
