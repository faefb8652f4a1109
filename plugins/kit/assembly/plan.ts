// What a plugin plans with: the mode it plans for, the batch it would like, and its statements by
// the phase in which they run.

import {
  batch_mode,
  shape_batch,
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
   * write_batch: where rows go, once a plan. The statement carries `{rows}` once; `row` is what each of
   * them looks like, with `{ordinal}` where the row's number is staged with it. They go as statements
   * of up to `rows` rows, unless the driver has a faster way for an INSERT that only inserts.
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
