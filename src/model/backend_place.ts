import type { TableName } from "./batch.ts";

/** Where settings of a backend lead to, as far as they say it without a connection. */
export interface BackendPlace {
  /** The database, for people: no secret in it. */
  readonly endpoint: string;
  /** Files that the database is made of, those of its log among them. */
  readonly files: readonly string[];
  /**
   * Names of a table in that database. Settings that lead to the same table have one of them in common,
   * also where their URLs are written differently, as far as that can be known.
   */
  tables(table: TableName): readonly string[];
}
