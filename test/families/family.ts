/**
 * What the tests know of one family of databases. Each family has one descriptor, exported as `family`
 * by `test/families/<family>/family.ts`, whose folder also has whatever else the tests need of it
 * alone; `families.ts` finds it there by the family's name. Client libraries are imported when they
 * are first used: a descriptor must load where they do not.
 */
import type { Quirks } from "../../host/drivers/family_conformance.ts";
import type { ConformanceWords, MadeType } from "../../host/drivers/conformance_words.ts";
import type { PlanFamily } from "./plan_family.ts";
import type { CrashFamily } from "./crash_family.ts";

export type { MadeType };

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

/** How SQL is written for a family, beyond what the conformance suite knows. */
export interface FamilySql extends ConformanceWords {
  /** A query for `name` and `type`, as the catalogue has it, of the columns of a table, in order. */
  columnsOf(table: string): string;
  /** A query for `name` and `definition`, comment included, of the indexes of a table, in order. */
  indexesOf(table: string): string;
  /** Drops an index. */
  dropIndex(index: string, table: string): string;
  /** Empties a table as people do it at once. */
  truncate(table: string): string;
  /** Statements of maintenance, which leave a table's rows alone. */
  maintain(table: string): readonly string[];
  /** Statements that write all of a table's rows again, as far as its state can tell; none where not. */
  rewrite(table: string): readonly string[];
  /**
   * What takes from the table `t` the marks that it was known by, one after the other: statements, and
   * its name then. The table `before_it` was made before it.
   */
  readonly moves: readonly (readonly [statements: string, name: string])[];
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
  /** No double is infinite. */
  readonly noInfinity?: string;
  /** A table all of whose rows were written again is taken for another one. */
  readonly forgetsRewritten?: string;
  /** Texts may have U+0000 in them. */
  readonly keepsNul?: string;
  /** An upsert is refused into a table with a text that is equal in any case. */
  readonly noLooseKeys?: string;
  /** A table that has an index cannot be renamed. */
  readonly indexesPinNames?: string;
  /** A batch that was begun before rows of its table were deleted is committed behind that. */
  readonly deletesUnseen?: string;
  /** Rows that a later one of their key has superseded are not looked at, so none is refused. */
  readonly supersededUnseen?: string;
}

/** Another database that the driver of a family reaches, or another way to the family's own. */
export interface TestVariant {
  /** What it is called. */
  readonly name: string;
  /** Whether it has a column in the README's table; false by default. */
  readonly column?: boolean;
  /** Makes a database; the family's own is reached where this is left out. */
  readonly withDatabase?: TestFamily["withDatabase"];
  /** Settings beside those of the database; none by default. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether it is looked at by a session of the driver, since no other client can; false by default. */
  readonly bySession?: boolean;
  /** Groups of cases that it is tried by; all by default. */
  readonly groups?: readonly string[];
  /** In what it differs from the family's own; in nothing by default. */
  readonly quirks?: Quirks;
}

/** What the tests know of one family of databases. */
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
  /** What is loaded into by the same plugin, and is not quite the same; nothing by default. */
  readonly variants?: readonly TestVariant[];
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
  /** In what it differs. */
  readonly quirks: FamilyQuirks;
}
