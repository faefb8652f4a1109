// The plans of the three modes.

import {
  columnCount,
  fail,
  keyColumns,
  list,
  Mode,
  mode,
  OK,
  plainColumns,
  shapeBatch,
  sql,
} from "@snakepipe/kit";
import { createTable } from "./ddl";

/** Values of one statement. */
export const PARAMETERS_MAX: i32 = 65535;

// As text, rows can be twice as long as in the source, and a server takes 16 MiB at a time by default.
const BATCH_ROWS: i32 = 50000;
const BATCH_BYTES: i32 = 4 * 1024 * 1024;
/** Where more rows in one statement stop paying. */
const ROWS_PER_STATEMENT: i32 = 1000;

export function write_batch(): i32 {
  shapeBatch(BATCH_ROWS, BATCH_BYTES);
  sql.create(createTable());
  switch (mode()) {
    case Mode.Append:
      return insert("INSERT INTO {table} ({columns}) VALUES {rows}");
    case Mode.Upsert:
      return upsert();
    case Mode.Replace:
      return replace();
    default:
      return fail("a mode that this plugin does not know");
  }
}

function insert(statement: string): i32 {
  sql.insert(statement, "({values})", max(1, min(ROWS_PER_STATEMENT, PARAMETERS_MAX / columnCount())));
  return OK;
}

/** MySQL takes the rows of a statement one after the other: of rows with one key the last stays. */
function upsert(): i32 {
  const keys = keyColumns();
  if (keys.length == 0) return fail("an upsert needs a key column");
  const plain = plainColumns();
  // Where every column is a key, one is set to itself.
  const assigned = plain.length > 0 ? plain : [keys[0]];
  return insert(
    "INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE " +
      list(assigned, (column) => column.slot + " = VALUES(" + column.slot + ")"),
  );
}

/**
 * Rows gather in a table beside the target and are moved over at the end, by DELETE, which can be
 * undone where TRUNCATE commits. The target itself stays, and with it views, indexes and grants.
 */
function replace(): i32 {
  sql.prepare("CREATE TABLE {aside} AS SELECT {columns} FROM {table} WHERE 0");
  sql.finish("DELETE FROM {table}");
  sql.finish("INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}");
  return insert("INSERT INTO {aside} ({columns}) VALUES {rows}");
}
