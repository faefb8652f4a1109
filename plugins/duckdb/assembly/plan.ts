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

/** The binary protocol counts parameters in 16 bits. */
export const PARAMETERS_MAX: i32 = 65535;

/** A commit writes to the disk twice; a group of DuckDB's rows has 122,880. */
const BATCH_ROWS: i32 = 100000;
const BATCH_BYTES: i32 = 16 * 1024 * 1024;
/** Where rows go by statements. */
const ROWS_PER_STATEMENT: i32 = 100;

export function write_batch(): i32 {
  shapeBatch(BATCH_ROWS, BATCH_BYTES);
  sql.create(createTable());
  switch (mode()) {
    case Mode.Append:
      return insert("{table} ({columns})");
    case Mode.Upsert:
      return upsert();
    case Mode.Replace:
      return replace();
    default:
      return fail("a mode that this plugin does not know");
  }
}

function insert(into: string, row: string = "({values})"): i32 {
  const fitting = PARAMETERS_MAX / (columnCount() + 1);
  sql.insert("INSERT INTO " + into + " VALUES {rows}", row, max(1, min(ROWS_PER_STATEMENT, fitting)));
  return OK;
}

/** Of rows of one statement with one key, DuckDB keeps the first: the last one staged is merged. */
function upsert(): i32 {
  const keys = keyColumns();
  if (keys.length == 0) return fail("an upsert needs a key column");
  const plain = plainColumns();
  // Where every column is a key, one is set to itself: DO NOTHING would not count the row.
  const assigned = plain.length > 0 ? plain : [keys[0]];
  sql.stage("DROP TABLE IF EXISTS {staging}");
  sql.stage(
    "CREATE TEMP TABLE {staging} AS SELECT {columns}, CAST(0 AS BIGINT) AS {ordinal} " +
      "FROM {table} WITH NO DATA",
  );
  sql.merge(
    "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} " +
      "ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET " +
      list(assigned, (column) => column.slot + " = EXCLUDED." + column.slot),
  );
  return insert("{staging} ({columns}, {ordinal})", "({values}, {ordinal})");
}

/**
 * Rows gather in a table beside the target and are moved over at the end. The target itself stays,
 * and with it views and indexes.
 */
function replace(): i32 {
  sql.prepare("CREATE TABLE {aside} AS SELECT {columns} FROM {table} WITH NO DATA");
  sql.finish("DELETE FROM {table}");
  sql.finish("INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}");
  return insert("{aside} ({columns})");
}
