/** One session with a SQL database, as the modules of this folder know it. */
import type { Cell } from "../../codec/codec.ts";

/** One statement, and the values of its parameters in order. */
export interface Statement {
  readonly sql: string;
  readonly args: readonly Cell[];
  /** Whether its text comes again with other values, so that it is worth keeping prepared. */
  readonly repeats?: boolean;
}

/** What one statement has come to. */
export interface Answer {
  /** Rows that it has changed. */
  readonly changes: number;
  /** Rows that it gives back; none where it is no query. */
  readonly rows: Cell[][];
}

/**
 * One session with a database; one call at a time, but where a method says otherwise. What it throws
 * is its family's to read.
 */
export interface SqlSession {
  /** False once the session is known to be gone or in an unknown state. */
  readonly usable: boolean;
  /** Bytes of records that are worth one call of `runAll`: 0 where a call costs next to nothing. */
  readonly callBytes: number;
  /** Bytes of a statement with its values, where these stand in its text; as many as may be else. */
  readonly statementBytesMax?: number;
  /** Opens a transaction. */
  begin(): Promise<void>;
  /** Commits it. After a failure it may still be open, or it is not known what became of it. */
  commit(): Promise<void>;
  /** Rolls back what is open, if anything is. Never throws; the session is unusable if it failed. */
  rollback(): Promise<void>;
  /** Runs a statement that sets the session up. Results are dropped. */
  setUp(sql: string): Promise<void>;
  /** Asks for one value, which a database that is well has soon; null where there is none. */
  probe(sql: string): Promise<Cell>;
  /** Runs one statement and returns how many rows it changed. Results of a query are dropped. */
  run(sql: string, args?: readonly Cell[]): Promise<number>;
  /** Runs one statement and returns its rows. A number is read by `Number`, a text by `String`. */
  all(sql: string, args?: readonly Cell[]): Promise<Cell[][]>;
  /**
   * Runs statements of the open transaction in order, in one round trip where there is one, and returns
   * what each has come to. Values are a codec's cells or as good: they are not looked at. After a
   * failure nothing further is run, and the error's `statement` says which one it was. The statements
   * are sent before this returns, behind what was sent before; where that has failed, so does this.
   */
  runAll(statements: readonly Statement[]): Promise<Answer[]>;
  /**
   * Outside of a transaction: sees to it that the session's engine knows what the database holds and
   * these statements say. True where it goes on with another engine, on which what belongs to the
   * session is to be made again. Only of databases with more than one engine.
   */
  fit?(statements: readonly string[]): Promise<boolean>;
  /**
   * After a failure that is rolled back: whether the session goes on with another engine, on which the
   * same work may succeed.
   */
  recovers?(error: unknown): Promise<boolean>;
  /** Ends the session. Never throws, never hangs. */
  close(): Promise<void>;
}

/** A session whose calls are all ways to run statements in order. */
export abstract class StatementSession {
  abstract runAll(statements: readonly Statement[]): Promise<Answer[]>;

  async setUp(sql: string): Promise<void> {
    await this.run(sql);
  }

  async probe(sql: string): Promise<Cell> {
    return (await this.all(sql))[0]?.[0] ?? null;
  }

  async run(sql: string, args: readonly Cell[] = []): Promise<number> {
    return (await this.runAll([{ sql, args }]))[0]!.changes;
  }

  async all(sql: string, args: readonly Cell[] = []): Promise<Cell[][]> {
    return (await this.runAll([{ sql, args }]))[0]!.rows;
  }
}

/** Which row of its statement an error is of, from 0, where the database tells. */
export function failedRow(error: unknown): number | undefined {
  return (error as { readonly row?: number }).row;
}

/** Which statement of a `runAll` an error is of, from 0. */
export function failedStatement(error: unknown): number {
  return (error as { readonly statement?: number }).statement ?? 0;
}
