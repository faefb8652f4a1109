// How rows meet those with the same key: by INSERT alone, for a server that has neither COPY nor temporary
// tables. PostgreSQL touches no row twice in one statement, so each statement has one row; staging, as
// `snakepipe new --write copy` has it, is many times as fast.

import { Dialect, OK, sql, updates } from "@snakepipe/kit";

/** A batch may have a key twice: the last row stays. Every row has to count, so DO NOTHING will not do. */
export function upsert(_dialect: Dialect): i32 {
  // CHANGE 5 of 6: what stands behind the rows, where a row with the same key is there.
  const set = updates((column) => "EXCLUDED." + column.slot);
  const into = "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE VALUES {rows}";
  sql.insert(into + " ON CONFLICT ({keys}) DO UPDATE SET " + set, "({values})", 1);
  return OK;
}
