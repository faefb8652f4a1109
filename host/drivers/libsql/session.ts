/**
 * What files and remote servers have in common: the few calls that everything else in this folder
 * is written against. Every call that fails throws a {@linkcode SessionError}.
 */
import type { Cell } from "../../codec/codec.ts";
import type { SqlSession } from "../sql/session.ts";

/**
 * One session with a file or a server. A transaction holds the write lock from its first statement on,
 * at the latest. Integers are bigint, blobs are Uint8Array.
 */
export interface Session extends SqlSession {
  /** Whether what one call sets up (temporary tables, PRAGMAs) is there for the next transaction. */
  readonly lasting: boolean;
  /** Whether a number costs less to bind than a bigint. It is bound as REAL. */
  readonly prefersNumbers: boolean;
  /**
   * Opens the image of a database under the name `IMAGE` till the transaction ends, which is open; false
   * where that cannot be. Left out where it never can.
   */
  attachImage?(image: Uint8Array): Promise<boolean>;
  /** Whether images can be opened now. */
  readonly takesImages?: boolean;
}

/** What a {@linkcode SessionError} carries beside its code. */
export interface SessionErrorDetails {
  /** Column names that a NOT NULL or UNIQUE constraint's message lists. */
  readonly columns?: readonly string[];
  /** Which statement of a `runAll` failed, from 0. */
  readonly statement?: number;
  /** Whether the engine does not know what it was to read, so that another one may. */
  readonly beyondEngine?: boolean;
  /** What was found not to be there, where the code alone does not tell; see `missing.ts`. */
  readonly missing?: Missing | undefined;
}

/** What a statement names and the database lacks. */
export type Missing = "table" | "column";

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
  /** Which statement of a `runAll` failed; 0 for any other call. */
  readonly statement: number;
  /** Whether the engine does not know what it was to read, so that another one may. */
  readonly beyondEngine: boolean;
  /** What was found not to be there, where the code alone does not tell. */
  readonly missing: Missing | undefined;

  /** Makes an error of a code. */
  constructor(code: string, details: SessionErrorDetails = {}) {
    super(code);
    this.code = code;
    this.columns = details.columns ?? [];
    this.statement = details.statement ?? 0;
    this.beyondEngine = details.beyondEngine ?? false;
    this.missing = details.missing;
  }
}

/**
 * Names that may be columns: `table.column` pairs after the colon of a NOT NULL, UNIQUE or STRICT type
 * message; of a CHECK the words of its name, or of its expression.
 */
export function constraintColumns(code: string, message: string): string[] {
  if (code === "SQLITE_CONSTRAINT_CHECK") {
    return /constraint failed: (.+)$/.exec(message)?.[1]?.split(/[^\w$]+/) ?? [];
  }
  if (!/^SQLITE_CONSTRAINT(_NOTNULL|_UNIQUE|_PRIMARYKEY)?$/.test(code)) return [];
  const names = /constraint failed: (.+)$/.exec(message)?.[1] ?? "";
  return names.split(", ").map((name) => name.slice(name.lastIndexOf(".") + 1));
}

/**
 * Holds values to what every engine binds without loss: the native one aborts the process on a
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
