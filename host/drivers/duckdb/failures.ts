/**
 * Failures. DuckDB's errors have no codes, but messages that begin with the name of a class, and may go
 * on with values: what is kept of one is a code of ours, by words that DuckDB has put there itself.
 */
import { failuresByCode } from "../failure_codes.ts";
import { failureWords, SessionError } from "../sql/failures.ts";
import { DUCKDB_WORDS } from "./names_and_types.ts";

/** What the library has thrown, by its code alone. */
export function duckError(error: unknown, statement = 0): SessionError {
  if (error instanceof SessionError) return error;
  const message = String((error as Error)?.message ?? error);
  const column =
    /^Constraint Error: NOT NULL constraint failed: [^]*\.([^.]+)$/.exec(message)?.[1] ??
      /^Conversion Error: [^]* when casting from source column ([^]+)$/.exec(message)?.[1];
  const code = codeOf(message);
  // What may be the name of a key's first column: for comparison alone, for it may be a value.
  const key = /key "([^"]+?): /.exec(message)?.[1] ?? "";
  const constraint = ["UNIQUE", "FOREIGN_KEY", "CHECK"].includes(code)
    ? `${code}:${key}`
    : undefined;
  const [, name, process] = /lock is held in (?:[^]*\/)?([^/]+) \(PID (\d+)\)/.exec(message) ?? [];
  const detail = name && ` (${name}, process ${process})`;
  return new SessionError(code, { statement, column, constraint, detail });
}

/** By the first that fits. */
const CODES: readonly (readonly [RegExp, string])[] = [
  [/^Constraint Error: NOT NULL/, "NOT_NULL"],
  [/^Constraint Error: CHECK/, "CHECK"],
  [/^Constraint Error: (Duplicate key|PRIMARY KEY|UNIQUE)/, "UNIQUE"],
  [
    /^Constraint Error: Violates foreign key[^]*(is still referenced|in a different table\. If)/,
    "REFERRED",
  ],
  [/^Constraint Error: Violates foreign key/, "FOREIGN_KEY"],
  [/^Catalog Error: (Table|Schema) with name [^]* does not exist/, "MISSING_TABLE"],
  [/^Binder Error: Table "[^]*" does not have a column/, "MISSING_COLUMN"],
  [/^IO Error: Could not set lock on file/, "FILE_IN_USE"],
  [/^IO Error: [^]*not a valid DuckDB database file/, "NOT_A_DATABASE"],
  // Of a file of SQLite, it would load an extension.
  [/^Permission Error: Loading external extensions is disabled/, "NOT_A_DATABASE"],
  [/^IO Error: Could not read from file[^]*: Is a directory$/, "FOLDER"],
  [/^IO Error: Cannot open file[^]*: No such file or directory$/, "NO_FOLDER"],
  [
    /^IO Error: Cannot open file[^]*: (Permission denied|Operation not permitted|Read-only)/,
    "READ_ONLY",
  ],
  [/^IO Error: Cannot open file[^]*: File name too long$/, "LONG_NAME"],
  [/^IO Error: (Corrupt database file|Could not read enough bytes)/, "DAMAGED"],
  [/^IO Error: [^]*(No space left|Could not write)/, "DISK_FULL"],
  [/^TransactionContext Error: Failed to commit: Could not write file /, "DISK_FULL"],
  [
    /^(IO|Invalid Input) Error: [^]*database file with version number|^Serialization Error/,
    "OTHER_VERSION",
  ],
  [/^Connection Error: Can't open a connection to same database file/, "OTHER_SETTINGS"],
];

function codeOf(message: string): string {
  const known = CODES.find(([pattern]) => pattern.test(message));
  if (known) return known[1];
  const [, name = ""] = /^([A-Za-z ]+) Error: /.exec(message) ?? [];
  return name === "" ? "ENGINE" : name.toUpperCase().replaceAll(" ", "_");
}

const CODED = failuresByCode({
  data: {
    CONVERSION: "A value is not of the type of its column, or beyond what it takes",
    OUT_OF_RANGE: "A number is beyond what its column takes",
    INVALID_INPUT: "A value is not of the type of its column",
  },
  integrity: {
    NOT_NULL: "NULL comes for a column that takes none (NOT NULL)",
    CHECK: "A CHECK constraint of the table refuses the row",
    UNIQUE: "A row with the same values is there already (PRIMARY KEY or UNIQUE)",
    FOREIGN_KEY: "The row refers to one that is not there (FOREIGN KEY)",
    REFERRED: "Another row refers to the row that would change (FOREIGN KEY)",
    CONSTRAINT: "A constraint of the table refuses the row",
  },
  conflict: {
    "TRANSACTIONCONTEXT TRANSACTION": "Another transaction of this process is in the way",
  },
  connection: {
    CLOSED: "The connection is closed",
  },
  unavailable: {
    FILE_IN_USE:
      "Another process{} has the file open, and DuckDB lets one at a time write to it; close it " +
      "there, then run the command again",
  },
  timeout: {
    INTERRUPT: "The database interrupted the statement",
  },
  privilege: {
    READ_ONLY: "This user may not write to the file; give leave to, or name another file",
    PERMISSION: "The database does not allow the statement",
  },
  missing_table: {
    MISSING_TABLE: "The table or its schema is missing",
  },
  missing_column: {
    MISSING_COLUMN: "A column is missing in the table",
  },
  resource: {
    DISK_FULL: "The disk is full, or the file cannot be written",
    IO: "The file cannot be opened, read or written; see whether its folder is there and writable",
    OUT_OF_MEMORY: "The database ran out of memory; raise memoryMegabytes, or use smaller batches",
  },
  invalid_plan: {
    PARSER: "The database cannot parse a statement of the plan",
    "BINDER CATALOG": "The database does not take a statement of the plan",
    NOT_IMPLEMENTED: "The database has not got what a statement of the plan asks for",
  },
  unknown: {
    FOLDER: "There is a folder in the place of the file; name another file",
    NO_FOLDER: "The folder of the file is not there; make it, or name another file",
    LONG_NAME: "The name of the file is longer than its file system takes; name another file",
    DAMAGED: "The file is damaged, or was cut; put back a copy of it",
    NOT_A_DATABASE: "The file is no DuckDB database; name another file",
    OTHER_VERSION:
      "The file was written by a version of DuckDB that this one cannot read; export it there, " +
      "and import it here",
    OTHER_SETTINGS:
      "This process has the file open with other settings of the engine; close it there, or " +
      "open it with DuckDBInstance.fromCache and the same ones",
    ABORTED: "The transaction had failed before it was to be committed",
  },
});

/** What is said of them. */
export const DUCKDB_FAILURES = failureWords({
  codes: CODED,
  foldCase: DUCKDB_WORDS.foldCase,
  isServer: false,
});
