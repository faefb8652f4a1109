import type { Plan, PlannedWrite } from "../../../src/plugin_api/plan.ts";
import type { LiveTable } from "../../../src/model/backend.ts";
import type { Shape, TableName } from "../../../src/model/batch.ts";
import type { Failure, FailureKind } from "../../../src/model/failure.ts";
import type { NulRule } from "../../../src/model/nul_rule.ts";
import type { SlotNames } from "../../../src/plan_policy/slot.ts";
import type { Codec } from "../../codec/codec.ts";
import type { Place } from "./host_tables.ts";
import type { RowWriter } from "./row_writer.ts";
import type { SqlSession } from "./session.ts";
import type { TableWatch } from "./table_watch.ts";
import type { SqlWords } from "./words.ts";

/** What a failure is about. */
export interface FailureContext {
  /** The database, for people: no secret. */
  readonly endpoint: string;
  /** What was tried, as a sentence's subject: `Writing batch 3 into nodes`. */
  readonly what: string;
  readonly table?: TableName;
  /** Names that may be shown: the shape's own columns. */
  readonly columns?: readonly string[];
  /** Whether the answer to a COMMIT is what failed. */
  readonly committing?: boolean;
  /** Whether it is the end of a replace that failed. */
  readonly replacing?: boolean;
  /** Whether what failed was to make the table, so that it is no wonder that it is not there. */
  readonly creating?: boolean;
}

/** What the database says of a row that it refuses. */
export interface RowRefusal {
  /** The column, where the error names one. */
  readonly column?: string | undefined;
  /** The constraint, where the error names one. */
  readonly constraint?: string | undefined;
  /** One sentence, without a value and without the endpoint. */
  readonly message: string;
}

/** What a {@linkcode RowWriter} writes. */
export interface RowWriterOptions {
  readonly codec: Codec;
  readonly shape: Shape;
  readonly write: PlannedWrite;
  readonly names: SlotNames;
  readonly place: Place;
  readonly loadId: string;
  /** What becomes of U+0000; what the database takes decides by default. */
  readonly nul: NulRule | undefined;
}

/** A table in its place. */
export interface PlacedTable {
  readonly place: Place;
  readonly table: TableName;
}

/** What a load is about to do to a table. */
export interface TargetLoad extends PlacedTable {
  readonly shape: Shape;
  readonly plan: Pick<Plan, "write" | "merge">;
  /** Whether the table is there; else the plan makes it. */
  readonly there: boolean;
}

/** An index of a load's target. */
export interface SecondaryIndex {
  readonly name: string;
  /** Why it cannot be missing while rows are loaded, as a clause; absent where it can. */
  readonly stays?: string;
  readonly drop: string;
  /** Statements that make it as it was. */
  readonly make: readonly string[];
}

/** Indexes of a table. */
export interface TableIndexes {
  /** What the table has that another one of its name has not; empty where there is no such thing. */
  readonly identity: string;
  readonly indexes: readonly SecondaryIndex[];
}

/**
 * What a family of SQL databases supplies so that the modules of this folder can load into it:
 * words where words will do, functions where databases differ in more than words. Where nothing
 * else is said, functions throw what the session throws.
 */
export interface SqlFamily<Session extends SqlSession = SqlSession> {
  readonly words: SqlWords;
  /** Whether ranges may be written; false by default. */
  readonly writesRanges?: boolean;
  /**
   * Statements of a transaction in which a batch is written in parts, and what they refuse counts; none
   * by default.
   */
  readonly beforeIsolating?: readonly string[];
  /** Statements of the transaction in which a load is given up; none by default. */
  readonly beforeAbandoning?: readonly string[];
  /** Refuses a table that the database has no place for. @throws {LoadError} `name_refused` */
  checkTable?(table: TableName): void;
  /** Refuses a plan that this session cannot carry out. @throws {LoadError} `plan_refused` */
  checkPlan?(session: Session, planned: { readonly shape: Shape; readonly plan: Plan }): void;
  /** Where the tables of a load are, or will be. @throws {LoadError} `config_invalid` */
  placeOf(session: Session, table: TableName): Promise<Place>;
  /** The table as it stands; undefined where there is none. @throws {LoadError} `name_refused` */
  readLiveTable(session: Session, table: TableName): Promise<LiveTable | undefined>;
  /**
   * Refuses a load that would change another table, or whose rows would not get where they are meant
   * to: asked before the first row, and once more in the transaction that ends a replace. Returns what
   * the user should know although the load goes on: one sentence each.
   *
   * @throws {LoadError} `table_refused`, `privilege_missing`, `name_refused`
   */
  checkTarget?(session: Session, load: TargetLoad): Promise<readonly string[]>;
  /** Begins to move the rows of a replace, in the transaction that ends it. */
  beforeReplacing?(session: Session, target: PlacedTable): Promise<void>;
  /**
   * Runs what prepares a load while nobody else does; by default, that is for `words.lock`, or for
   * BEGIN.
   */
  exclusively?<T>(session: Session, work: () => Promise<T>): Promise<T>;
  /** Marks the table that the plan has just made, in the same transaction. */
  created?(session: Session, target: PlacedTable): Promise<void>;
  /** Whether this session is shown every row of the target; it always is where this is left out. */
  seesRows?(session: Session, target: PlacedTable): Promise<boolean>;
  /** Whether the target is empty, as far as can be told without seeing its rows. */
  seemsEmpty?(session: Session, target: PlacedTable): Promise<boolean>;
  /** How the target is watched, which is there. */
  watchTable(
    session: Session,
    target: PlacedTable & { readonly shape: Shape },
  ): Promise<TableWatch>;
  /**
   * Held until the transaction ends by whoever is about to commit a batch of that load, so that it sees
   * the batches of all others; none where BEGIN locks others out.
   */
  commitLock?(loadId: string, place: Place): string;
  /** Columns of the target that a constraint is about, in its order; none where that is not known. */
  constraintColumns(
    session: Session,
    constraint: PlacedTable & { readonly constraint: string },
  ): Promise<readonly string[]>;
  /**
   * Reads the indexes of the target, within a transaction in which they can be dropped and made again;
   * or why they cannot be, as a clause.
   */
  readonly secondaryIndexes:
    | { read(session: Session, target: PlacedTable): Promise<TableIndexes> }
    | string;
  /** What carries rows; the tables that it writes to are there. @throws {LoadError} `plan_refused` */
  rowWriter(session: Session, options: RowWriterOptions): Promise<RowWriter>;
  /** A statement of a plan's `finish` as it is to be run here; as it is by default. */
  finishStatement?(session: Session, sql: string): Promise<string>;
  /** What kind of failure an error is; undefined where it does not come from the database. */
  kindOf(error: unknown): FailureKind | undefined;
  /**
   * The failure that an error stands for. Outside of a transaction.
   *
   * @throws the error itself where it does not come from the database
   */
  failureOf(session: Session, error: unknown, context: FailureContext): Promise<Failure>;
  /** What an error says of the one row that was sent. */
  refusalOf(error: unknown, shape: Shape): RowRefusal;
  /**
   * Without savepoints: whether a row that was refused alone is refused whatever stands before it in
   * its batch. By default that is for its values, and not for a constraint.
   */
  isFinal?(error: unknown, shape: Shape): boolean;
  /** Codes of a batch that the database never takes in one piece; none by default. */
  readonly asksForLess?: ReadonlySet<string>;
}

/** An open session, and what it is to be treated as. */
export interface Database<Session extends SqlSession = SqlSession> {
  readonly session: Session;
  readonly family: SqlFamily<Session>;
  /** Where it is, for people: no secret. */
  readonly endpoint: string;
}

/** Whether an error, or a failure of that kind, is of rows, so that they can be rejected. */
export function isOfRows(kind: FailureKind | undefined): boolean {
  return kind === "data" || kind === "integrity";
}
