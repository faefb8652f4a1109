// How rows meet those with the same key: by way of a temporary table that each COMMIT empties.

import { Dialect, sql, updates } from "@snakepipe/kit";

export function mergeStaged(dialect: Dialect): i32 {
  sql.stage(
    "CREATE TEMP TABLE {staging} ON COMMIT DELETE ROWS AS " +
      "SELECT {columns}, CAST(0 AS bigint) AS {ordinal} FROM {table} WITH NO DATA",
  );
  sql.merge(
    "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT DISTINCT ON ({keys}) {columns} FROM {staging} " +
      "ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET " +
      updates((column) => "EXCLUDED." + column.slot),
  );
  return dialect.insert("{staging} ({columns}, {ordinal})", "({values}, {ordinal})");
}
