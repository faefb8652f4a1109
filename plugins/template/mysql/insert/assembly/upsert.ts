// How rows meet those with the same key: by one INSERT, which takes its rows one after the other.

import { Dialect, updates } from "@snakepipe/kit";

/** A batch may have a key twice: the last row stays. Every row has to count, so INSERT IGNORE will not do. */
export function upsert(dialect: Dialect): i32 {
  // CHANGE 5 of 6: what stands behind the rows, where a row with the same key is there.
  const set = updates((column) => "VALUES(" + column.slot + ")");
  return dialect.insert("{table} ({columns})", "({values})", " ON DUPLICATE KEY UPDATE " + set);
}
