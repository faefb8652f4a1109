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

/**
 * A COPY with its transaction costs 9 ms beside its rows: of 10,000 rows they cost 6 % more than of
 * 50,000, and those 2 to 6 % more than of 70,000, which are 16 MiB.
 */
const BATCH_ROWS: i32 = 100000;
const BATCH_BYTES: i32 = 16 * 1024 * 1024;
/** Of one statement; the protocol counts them in 16 bits, and its client keeps two for itself. */
export const PARAMETERS_MAX: i32 = 65533;
const ROWS_PER_STATEMENT: i32 = 1000;

export function write_batch(): i32 {
  shapeBatch(BATCH_ROWS, BATCH_BYTES);
  sql.create(createTable());
  switch (mode()) {
    case Mode.Append:
      return append();
    case Mode.Upsert:
      return upsert();
    case Mode.Replace:
      return replace();
    default:
      return fail("a mode that this plugin does not know");
  }
}

/** Where rows go. They travel by COPY, unless the driver is told otherwise. */
function insert(into: string, row: string = "({values})"): void {
  const fitting = PARAMETERS_MAX / (columnCount() + 1);
  sql.insert("INSERT INTO " + into + " VALUES {rows}", row, max(1, min(ROWS_PER_STATEMENT, fitting)));
}

function append(): i32 {
  insert("{table} ({columns})");
  return OK;
}

// OVERRIDING SYSTEM VALUE: a column that is GENERATED ALWAYS AS IDENTITY takes what rows say, as it
// does of rows that go straight into the table. Elsewhere it means nothing.

/**
 * A copy of the target's columns without its constraints takes the rows; of rows with one key the
 * last one is merged. `LIKE` would bring the NOT NULL of columns that are not loaded.
 */
function upsert(): i32 {
  const keys = keyColumns();
  if (keys.length == 0) return fail("an upsert needs a key column");
  const plain = plainColumns();
  // Where every column is a key, one is set to itself: DO NOTHING would not count the row.
  const assigned = plain.length > 0 ? plain : [keys[0]];
  sql.stage("DROP TABLE IF EXISTS {staging}");
  sql.stage(
    "CREATE TEMP TABLE {staging} ON COMMIT DELETE ROWS AS " +
      "SELECT {columns}, CAST(0 AS bigint) AS {ordinal} FROM {table} WITH NO DATA",
  );
  insert("{staging} ({columns}, {ordinal})", "({values}, {ordinal})");
  sql.merge(
    "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE " +
      "SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC " +
      "ON CONFLICT ({keys}) DO UPDATE SET " +
      list(assigned, (column) => column.slot + " = EXCLUDED." + column.slot),
  );
  return OK;
}

/**
 * Rows gather in a table beside the target and are moved over at the end. The target itself stays,
 * and with it grants, views, indexes and foreign keys. The table beside it is unlogged: it spares
 * the write-ahead log one copy of every row, and if the server crashes it comes back empty, so that
 * the count does not match and the target stays as it was.
 */
function replace(): i32 {
  sql.prepare("CREATE UNLOGGED TABLE {aside} AS SELECT {columns} FROM {table} WITH NO DATA");
  insert("{aside} ({columns})");
  sql.finish("TRUNCATE TABLE {table}");
  sql.finish("INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {aside}");
  return OK;
}
