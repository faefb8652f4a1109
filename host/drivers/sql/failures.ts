import { tableLabel } from "../../../src/model/batch.ts";
import type { LoadError } from "../../../src/model/errors.ts";
import { failureError } from "../../../src/model/failure.ts";
import type { KnownFailure } from "../failure_codes.ts";
import type { SqlFamily } from "./family.ts";

/** A failure by its code. The database's own message is left behind: it may carry values. */
export class SessionError extends Error {
  /** The name that `Error.prototype.toString` prints. */
  override readonly name = "SessionError";
  /** The database's name for it, `ECONNREFUSED` and its like, or one of ours. */
  readonly code: string;
  /** What may be the name of a column; it is to be held against names that are known. */
  readonly column?: string | undefined;
  /** The constraint or the index. */
  readonly constraint?: string | undefined;
  /** Which statement of a `runAll` failed, from 0. */
  readonly statement?: number;
  /** Which row of the statement, from 0. */
  readonly row?: number | undefined;
  /** What stands in the place of `{}` in what is said of the code; nothing by default. */
  readonly detail?: string | undefined;

  /** Makes an error of a code. */
  constructor(code: string, details: SessionErrorDetails = {}) {
    super(code);
    this.code = code;
    Object.assign(this, details);
  }
}

/** What such an error carries beside its code. */
export type SessionErrorDetails = Partial<Omit<SessionError, keyof Error | "code">>;

/** What a family's codes stand for. */
export interface FailureRules {
  readonly codes: ReadonlyMap<string, KnownFailure>;
  /** The code that one is like which is not there. */
  like?(code: string): string | undefined;
  foldCase(name: string): string;
  /** Whether it is a server, whose codes people look up, and whose answer to a COMMIT may be lost. */
  readonly isServer: boolean;
}

/** What a family says of failures, and what is said where no session could be opened. */
export interface FailureWords extends Pick<SqlFamily, "kindOf" | "failureOf" | "refusalOf"> {
  /** What is lost later is unavailable there. What is no {@linkcode SessionError} is thrown on. */
  notConnected(error: unknown, endpoint: string): Promise<LoadError>;
}

const UNKNOWN: KnownFailure = { kind: "unknown", text: "The database reported an error" };

/**
 * What sessions throw, and what is said of it, by a table of codes: for families whose errors are
 * codes of the database, of the network and of their own. What is said ends a sentence; of a row
 * that was refused, it is all.
 */
export function failureWords(rules: FailureRules): FailureWords {
  const { codes, like, foldCase, isServer } = rules;
  const lookUp = ({ code }: SessionError) =>
    codes.get(code) ?? codes.get(like?.(code) ?? "") ?? UNKNOWN;
  const refusal = (error: SessionError, names: readonly string[]) => {
    const { code, constraint, detail = "" } = error;
    const column = names.find((name) => foldCase(name) === foldCase(error.column ?? ""));
    const said = lookUp(error).text.replace("{}", () => detail) + (isServer ? ` (${code})` : "");
    const message = said + (column === undefined ? "" : `, column ${column}`);
    return { column, constraint, message };
  };
  const words: FailureWords = {
    kindOf: (error) => error instanceof SessionError ? lookUp(error).kind : undefined,
    refusalOf: (error, { columns }) =>
      refusal(error as SessionError, columns.map(({ name }) => name)),
    // deno-lint-ignore require-await -- what is no failure is to be rejected with
    async failureOf(_session, error, { what, endpoint, table, columns = [], committing }) {
      if (!(error instanceof SessionError)) throw error;
      const { kind } = lookUp(error);
      const isLost = ["connection", "timeout", "unavailable"].includes(kind);
      const commitUnknown = committing === true && isServer && isLost;
      const { column, constraint, message } = refusal(error, columns);
      const why = commitUnknown
        ? `the answer to COMMIT never came, so it is not known whether the rows are in (${error.code})`
        : message;
      return {
        ...{ kind, code: error.code },
        message: `${what} failed on ${endpoint}: ${why}`,
        ...(column === undefined ? {} : { column }),
        ...(constraint === undefined || !isServer ? {} : { constraint }),
        ...(table ? { table: tableLabel(table) } : {}),
        ...(commitUnknown ? { commitUnknown } : {}),
      };
    },
    async notConnected(error, endpoint) {
      const context = { endpoint, what: "Connecting" };
      const failure = await words.failureOf(undefined as never, error, context);
      const isLost = failure.kind === "connection" || failure.kind === "timeout";
      return failureError(isLost ? { ...failure, kind: "unavailable" } : failure);
    },
  };
  return words;
}
