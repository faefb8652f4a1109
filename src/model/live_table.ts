/** A table as a database has it. */
import type { ColumnType } from "./column_type.ts";

/** A table as it stands in the database. */
export interface LiveTable {
  /** In the order of the table. */
  readonly columns: readonly LiveColumn[];
  /** Column names of the primary key and of every unique constraint or index without a predicate. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** Whether names of columns that differ in the case of ASCII letters are one. False by default. */
  readonly caseInsensitive?: boolean;
  /** Names that no column can have, since the database has them for itself. None by default. */
  readonly reserved?: readonly string[];
}

/** A column as it stands in the database. */
export interface LiveColumn {
  /** As the database spells it. */
  readonly name: string;
  /** The logical type; `other` where there is none for it. */
  readonly type: ColumnType;
  /** Whether NULL may stand in it. */
  readonly nullable: boolean;
  /** Whether the database fills it by itself when nothing comes: a default, an identity. */
  readonly hasDefault: boolean;
  /** Whether it takes no value at all, since the database computes it. */
  readonly generated: boolean;
  /**
   * Whether its texts are the same as keys only if their bytes are, blanks at the end aside: no
   * collation, no conversion makes two of them one. False by default.
   */
  readonly bytewise?: boolean;
  /** Whether a load of ours made it, with a type that was inferred. False by default. */
  readonly inferred?: boolean;
  /** What its elements are, where it is an array; its type is `other`. */
  readonly elements?: "json" | "text";
  /** How its declared type changes values without a word; absent where it does not. */
  readonly narrow?: NarrowColumn;
}

/** What a declared type makes of values that have more than it keeps. */
export interface NarrowColumn {
  /** The type in the database's words, such as `numeric(10,2)`. */
  readonly declared: string;
  /**
   * - `digits`, `fraction`: digits of a number, or of a second, are rounded
   * - `blanks`: blanks at the end of a text are cut, or not told apart
   * - `text`: texts are cut
   */
  readonly what: "digits" | "fraction" | "blanks" | "text";
}
