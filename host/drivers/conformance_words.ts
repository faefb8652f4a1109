import type { ColumnType } from "../../src/model/column_type.ts";

/** A type that a load can give to a column that it makes. */
export type MadeType = Exclude<ColumnType, "other">;

/**
 * How SQL is written for one family of databases, as far as the cases of the suite need it. Members
 * that may be left out are what a database may lack.
 */
export interface ConformanceWords {
  /** What stands behind a column's name in the DDL of the plugin, as the plugin makes it. */
  readonly types: Readonly<Record<MadeType, string>>;
  /** The type of a whole number of 64 bits that may be a key, as people write it. */
  readonly integer: string;
  /** The type of a text that may be a key, whose values are equal only where their bytes are. */
  readonly keyText: string;
  /** A name as an identifier. */
  quote(name: string): string;
  /** An expression as text. */
  textOf(expression: string): string;
  /** The UTF-8 bytes of an expression's text as lower-case hex; null of null. */
  hexOf(expression: string): string;
  /** The bytes of an expression of type bytes as lower-case hex; null of null. */
  hexOfBytes(expression: string): string;
  /** A double as text that reads back as the same double. */
  exactDouble(expression: string): string;
  /** A timestamptz in UTC as ISO 8601; with or without Z. */
  instantOf(expression: string): string;
  /** A query for the `name` of each table that is there. */
  readonly tables: string;
  /** Characters of a name, where that is what the database counts; else the plugin's bytes. */
  readonly nameCharactersMax?: number;
  /** Columns of a table, at the most, where that is less than 1,600. */
  readonly columnsMax?: number;
  /** A text that is equal in any case: its type, and a statement that makes it, where one is needed. */
  readonly looseText?: { readonly type: string; readonly setUp?: string };
  /** How a foreign key says that a row goes with the one that it refers to; ON DELETE CASCADE by default. */
  readonly cascade?: string;
  /** What stands behind the name of a column of whole numbers that counts by itself and is the key. */
  readonly identity?: string;
  /** What stands behind the name of a column of whole numbers that the table computes. */
  generated?(expression: string): string;
  /** Statements by which each row that is inserted into a table puts its `id` into another one's. */
  trigger?(table: string, into: string): readonly string[];
  /** Statements by which a row whose `id` is 13 is refused as it is inserted. */
  guard?(table: string): readonly string[];
  /** Statements that remove what these have made beside tables, where it is there; none by default. */
  readonly tearDown?: readonly string[];
}
