// How rows meet those with the same key: they are copied into a temporary table, each with its number, and
// of those with one key the last is merged.

import { Dialect, sql, updates } from "@snakepipe/kit";

/** Of rows of one statement with one key DuckDB keeps the first, so the last one staged is merged. */
export function upsert(dialect: Dialect): i32 {
  // CHANGE 5 of 6: the table that takes a batch, and how its rows are merged.
  sql.stage("DROP TABLE IF EXISTS {staging}");
  sql.stage(
    "CREATE TEMP TABLE {staging} AS SELECT {columns}, CAST(0 AS BIGINT) AS {ordinal} " +
      "FROM {table} WITH NO DATA",
  );
  sql.merge(
    "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} " +
      "ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET " +
      updates((column) => "EXCLUDED." + column.slot),
  );
  return dialect.insert("{staging} ({columns}, {ordinal})", "({values}, {ordinal})");
}
