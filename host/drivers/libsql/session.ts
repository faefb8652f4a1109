/**
 * What the native engine and a remote server have in common: the few calls that everything else in
 * this folder is written against. Every call that fails throws a {@linkcode SessionError}.
 */
import type { Cell } from "../../codec/codec.ts";

/** One session with a file or a server. One call at a time. */
export interface Session {
  /** False once the session is known to be gone or in an unknown state. */
  readonly usable: boolean;
  /** Whether what one call sets up (temporary tables, PRAGMAs) is there for the next transaction. */
  readonly lasting: boolean;
  /** Opens a transaction that holds the write lock from its start. */
  begin(): Promise<void>;
  /** Commits it. After a failure it may still be open. */
  commit(): Promise<void>;
  /** Rolls back what is open, if anything is. Never throws; the session is unusable if it failed. */
  rollback(): Promise<void>;
  /** Runs a statement that sets the session up. Results are dropped. */
  setUp(sql: string): Promise<void>;
  /** Runs one statement and returns how many rows it changed. Results of a query are dropped. */
  run(sql: string, args?: readonly Cell[]): Promise<number>;
  /** Runs one statement and returns its rows. Integers are bigint, blobs are Uint8Array. */
  all(sql: string, args?: readonly Cell[]): Promise<Cell[][]>;
  /** Ends the session. Never throws. */
  close(): Promise<void>;
}

/**
 * A failure by its code. The server's own message is left behind: it may carry values. Only the
 * names that a constraint's message lists are kept, and whoever shows them must hold them against
 * names it knows.
 */
export class SessionError extends Error {
  /** The name that `Error.prototype.toString` prints. */
  override readonly name = "SessionError";
  /** A result code's name (`SQLITE_BUSY`), a server's code, or `ECONNREFUSED` and its like. */
  readonly code: string;
  /** Column names that a NOT NULL or UNIQUE constraint's message lists. */
  readonly columns: readonly string[];

  /** Makes an error of a code. */
  constructor(code: string, columns: readonly string[] = []) {
    super(code);
    this.code = code;
    this.columns = columns;
  }
}

/** `table.column` pairs after the colon of a NOT NULL, UNIQUE or STRICT type message. */
export function constraintColumns(code: string, message: string): string[] {
  if (!/^SQLITE_CONSTRAINT(_NOTNULL|_UNIQUE|_PRIMARYKEY)?$/.test(code)) return [];
  const names = /constraint failed: (.+)$/.exec(message)?.[1] ?? "";
  return names.split(", ").map((name) => name.slice(name.lastIndexOf(".") + 1));
}

/**
 * Holds values to what both engines bind without loss: the native one aborts the process on a
 * boolean and stores NaN and undefined as NULL.
 *
 * @throws {SessionError} `VALUE_NOT_BINDABLE`
 */
export function checkBindable(args: readonly Cell[]): void {
  for (let i = 0; i < args.length; i++) {
    const value: unknown = args[i];
    switch (typeof value) {
      case "string":
      case "bigint":
        continue;
      case "number":
        if (value === value) continue;
        break;
      case "object":
        if (value === null || value instanceof Uint8Array) continue;
    }
    throw new SessionError("VALUE_NOT_BINDABLE");
  }
}
