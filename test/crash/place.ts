/**
 * Where a load goes: an empty database of a family, or a schema of one, and a way to look into it
 * that shares no code with the drivers.
 */
export interface Place {
  /** For `--to`. */
  readonly url: string;
  /** For `--table`. */
  readonly table: string;
  /** File for the rows that are left out. */
  readonly rejects: string;
  /** How a statement names one of its tables. */
  sqlName(table: string): string;
  /** Names of the tables that are there. */
  tables(): Promise<readonly string[]>;
  /** Runs a query; every value is read as text, or null. */
  rows(sql: string): Promise<(string | null)[][]>;
  /** Runs one statement. */
  execute(sql: string): Promise<void>;
  /** Runs statements in one transaction, as far as the database can. */
  executeAll(statements: readonly string[]): Promise<void>;
  /** The words that make the table of the sources. */
  readonly columns: string;
  remove(): Promise<void>;
}

/** A server or a folder that has room for many of them. */
export interface Places extends AsyncDisposable {
  next(): Promise<Place>;
}

/** Rows of a client, as a {@linkcode Place} gives them. */
export function readAsText(rows: readonly (readonly unknown[])[]): (string | null)[][] {
  return rows.map((row) => row.map((value) => value === null ? null : String(value)));
}
