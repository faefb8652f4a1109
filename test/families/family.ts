/**
 * What the tests know of one family of databases. Each family has one descriptor, exported as `family`
 * by `test/families/<family>/family.ts`, whose folder also has whatever else the tests need of it
 * alone; `families.ts` finds it there by the family's name. Client libraries are imported when they
 * are first used: a descriptor must load where they do not.
 */
import type { ColumnType } from "../../mod.ts";
import type { PlanFamily } from "./plan_family.ts";
import type { CrashFamily } from "./crash_family.ts";

/** One row as it is read back: every value as text, bytes as hex. */
export type ReadRow = Record<string, string | null>;

/** A database of its own for one test, and a client on it that shares no code with the driver. */
export interface TestDatabase {
  /** Settings of a backend that lead to it. */
  readonly config: Readonly<Record<string, unknown>> & { readonly url: string };
  /** Runs SQL: one statement, or several with semicolons in between. */
  execute(sql: string): Promise<void>;
  /** Reads rows; every expression must be text already or null. */
  query(sql: string): Promise<ReadRow[]>;
}

/** A server that one run of the tests shares. */
export interface TestServer {
  /** Variables of the environment by which the descriptor finds it again in another process. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** A type that a load can give to a column that it makes. */
export type MadeType = Exclude<ColumnType, "other">;

/** How SQL is written for a family. */
export interface FamilySql {
  /** What stands behind a column's name in the DDL of the plugin, as the plugin makes it. */
  readonly types: Readonly<Record<MadeType, string>>;
  /** The type of a whole number that may be a key, as people write it. */
  readonly integer: string;
  /** The type of a text that may be a key. */
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
  /** A query for `name` and `type`, as the catalogue has it, of the columns of a table, in order. */
  columnsOf(table: string): string;
  /** A query for the `name` of each table that is there. */
  readonly tables: string;
  /** Empties a table as people do it at once. */
  truncate(table: string): string;
  /** Statements of maintenance, which leave a table's rows alone. */
  maintain(table: string): readonly string[];
  /** Statements that write all of a table's rows anew, as far as its state can tell; none where not. */
  rewrite(table: string): readonly string[];
  /**
   * What takes from the table `t` the marks that it was known by, one after the other: statements, and
   * its name then. The table `before_it` was made before it.
   */
  readonly moves: readonly (readonly [statements: string, name: string])[];
  /** A text that is equal in any case: its type, and the statements that it needs before. */
  readonly looseText: { readonly type: string; readonly setUp: string };
}

/** See `test/integration/narrow_type_test.ts`, which has the row. */
export interface NarrowTable {
  /** Statements that make the table `t`. */
  readonly ddl: string;
  readonly notes: readonly string[];
  /** The row as text; blanks at the end are dots. */
  readonly row: readonly string[];
}

/**
 * In what a family differs from the others, each with a reason. What tests it expects the difference,
 * so that one that is no longer true fails.
 */
export interface FamilyQuirks {
  /** However many connections are asked for, one of them writes. */
  readonly oneWriter?: string;
  /** DDL ends the transaction that it stands in. */
  readonly ddlCommits?: string;
  /** No double is NaN. */
  readonly noNan?: string;
  /** Texts may have U+0000 in them. */
  readonly keepsNul?: string;
  /** Rows that a later one of their key has superseded are not looked at, so none is refused. */
  readonly supersededUnseen?: string;
}

/** A value that becomes something else in one family; see `test/conformance/type_case.ts`. */
export interface TypeQuirk {
  readonly is: { readonly read: string | null } | { readonly refused: string };
  readonly why: string;
}

/** See the head of this file. */
export interface TestFamily {
  /** As manifests name its driver, and its folders. */
  readonly name: string;
  /** The plugin of this repository that carries it: backend type and name of its file. */
  readonly plugin: string;
  /** What code that is about this family would say; see `test/tidy/family_test.ts`. */
  readonly words: RegExp;
  /** Why it cannot be tried on this machine, in a few words; undefined where it can. */
  missing?(): Promise<string | undefined>;
  /** Starts a server; left out where a database is a file. */
  startServer?(): Promise<TestServer>;
  /** Makes an empty database, hands it over, and removes it again, whatever happens. */
  withDatabase(act: (database: TestDatabase) => Promise<void>): Promise<void>;
  /** How SQL is written for it. */
  readonly sql: FamilySql;
  /** Settings by which rows travel in each form that it has; one form, by no setting, by default. */
  readonly rowForms?: readonly Readonly<Record<string, string>>[];
  /** Loads what the trials of `test/crash` know of it; or why they do not try it yet. */
  readonly crash: (() => Promise<CrashFamily>) | { readonly untried: string };
  /** Loads what `test/attack` and `test/fuzz` know of its plans; or why they do not try them yet. */
  readonly plans: (() => Promise<PlanFamily>) | { readonly untried: string };
  /** Codes of its errors, some of each kind. */
  readonly errorCodes: readonly [string, ...string[]];
  /** A table whose declared types change what is written, and what is noted and read then. */
  readonly narrow?: NarrowTable;
  /** Cases of `test/conformance/type_case.ts` that differ here, by type and name: `int16: largest`. */
  readonly typeQuirks?: Readonly<Record<string, TypeQuirk>>;
  /** In what it differs. */
  readonly quirks: FamilyQuirks;
}
