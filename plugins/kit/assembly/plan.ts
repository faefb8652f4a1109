// What a plugin plans with: the mode it plans for, the batch it would like, and its statements by
// the phase in which they run.

import {
  batch_mode,
  shape_batch,
  sql_copy,
  sql_finish,
  sql_health,
  sql_insert,
  sql_merge,
  sql_create,
  sql_prepare,
  sql_session,
  sql_stage,
  sql_teardown,
} from "./host";
import { give } from "./memory";

/** How rows meet the rows that are there. The numbers are the contract's. */
export enum Mode {
  /** They are added. */
  Append,
  /** They are merged on the key. */
  Upsert,
  /** They are put in their place. */
  Replace,
}

/** The mode that is being planned. Only in write_batch. */
export function mode(): Mode {
  return batch_mode() as Mode;
}

/** The batch that this database takes best; the host takes the smaller of it and its own. */
export function shapeBatch(rows: i32, bytes: i32): void {
  shape_batch(rows, bytes);
}

/** How the rows of a COPY are written down. The numbers are the contract's. */
export enum CopyFormat {
  /** PostgreSQL's text format. */
  Text,
  /** Its binary format; a table with a column that has no exact binary form is refused. */
  Binary,
  /** Whichever the driver finds best for the table's types. */
  Any,
}

/** Statements, by the phase in which they run. Every call adds one, in order. */
export namespace sql {
  /** connect: once a connection, as it is opened. */
  export function session(statement: string): void {
    sql_session(give(statement));
  }

  /** close: once a connection, before it is closed. */
  export function teardown(statement: string): void {
    sql_teardown(give(statement));
  }

  /** health_check, first call: the probe. One only. */
  export function health(statement: string): void {
    sql_health(give(statement));
  }

  /** write_batch: once a load, only where the target table is not there: what makes it. */
  export function create(statement: string): void {
    sql_create(give(statement));
  }

  /** write_batch: once a load, before its first batch. The place for other DDL. */
  export function prepare(statement: string): void {
    sql_prepare(give(statement));
  }

  /** write_batch: once a connection that takes part in the load. The place for staging tables. */
  export function stage(statement: string): void {
    sql_stage(give(statement));
  }

  /**
   * write_batch: rows go in by COPY. With `ordinal`, the row's number within the load is sent as one
   * more column, the last. Where the format is not text, the statement names it as `{format}`. A
   * plan has either one copy or one insert.
   */
  export function copy(
    statement: string,
    ordinal: bool = false,
    format: CopyFormat = CopyFormat.Text,
  ): void {
    sql_copy(give(statement), format, ordinal ? 1 : 0);
  }

  /**
   * write_batch: rows go in as INSERT statements of up to `rows` rows. The statement carries
   * `{rows}` once; `row` is what each of them looks like.
   */
  export function insert(statement: string, row: string, rows: i32): void {
    sql_insert(give(statement), give(row), rows);
  }

  /** write_batch: each batch, in its transaction, once its rows are in. */
  export function merge(statement: string): void {
    sql_merge(give(statement));
  }

  /** write_batch: once a load, in the transaction that marks it as complete. */
  export function finish(statement: string): void {
    sql_finish(give(statement));
  }
}
