/** The codes of the server's errors, and the names in its messages, without the messages themselves. */
import type { SessionErrorDetails } from "../sql/failures.ts";

/** Numbers from here on are others in MariaDB than in MySQL, by whose names the library calls them. */
const SHARED_MAX = 1_900;

/** Those of MariaDB that mean something to a load, by https://mariadb.com/kb/en/mariadb-error-codes/. */
const MARIADB: Readonly<Record<number, string>> = {
  1906: "ER_WARNING_NON_DEFAULT_VALUE_FOR_GENERATED_COLUMN",
  1927: "ER_CONNECTION_KILLED",
  1969: "ER_STATEMENT_TIMEOUT",
  1977: "ER_CANNOT_CONVERT_CHARACTER",
  4025: "ER_CONSTRAINT_FAILED",
  4151: "ER_ACCOUNT_HAS_BEEN_LOCKED",
};

/** The name of an error, by what the library says of it. */
export function codeOf(
  { code, errno, sqlMessage = "" }: {
    readonly code?: unknown;
    readonly errno?: number;
    readonly sqlMessage?: string;
  },
  isMariaDb: boolean,
): string {
  // One number stands for values of another type, and for characters that a character set lacks.
  if (errno === 1366 && sqlMessage.startsWith("Incorrect string value")) {
    return "ER_INVALID_CHARACTER_STRING";
  }
  if (isMariaDb && errno !== undefined && errno >= SHARED_MAX) {
    return MARIADB[errno] ?? `MARIADB_${errno}`;
  }
  return typeof code === "string" && code !== "" ? code : `ERROR_${errno ?? "UNKNOWN"}`;
}

// Names stand at a fixed place of the message or at its end, behind any value in it.
const COLUMN =
  /(?:^(?:Column|Field)|for column) (?:'([^']*)'|(?:`(?:[^`]|``)*`\.){0,2}`((?:[^`]|``)*)`)(?: at row \d+| cannot be null| doesn't have a default value)?$/;
const INDEX = /for key '([^']*)'$/;
const CONSTRAINT =
  /^CONSTRAINT `([^`]*)` failed|, CONSTRAINT `([^`]*)` FOREIGN KEY|constraint '([^']*)' is violated\.$/;
const ROW = / at row (\d+)$/;

/** What the server's message names. */
export function namesIn(message: string): SessionErrorDetails {
  const [, plain, quoted] = COLUMN.exec(message) ?? [];
  const [, index] = INDEX.exec(message) ?? [];
  const [, check, key, mysqlCheck] = CONSTRAINT.exec(message) ?? [];
  const [, row] = ROW.exec(message) ?? [];
  return {
    // A CHECK of a column is called by table and column.
    column: plain ?? quoted?.replaceAll("``", "`") ?? /\.([^.]*)$/.exec(check ?? "")?.[1],
    // MySQL puts the table before it.
    constraint: index?.replace(/^.*\./, "") ?? check ?? key ?? mysqlCheck,
    row: row === undefined ? undefined : Number(row) - 1,
  };
}
