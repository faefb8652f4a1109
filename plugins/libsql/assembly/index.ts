// libSQL, and SQLite files: rows by INSERT statements of many rows each.

import { describe, Manifest, Mode, OK, setting, sql } from "@snakepipe/kit";
import { PARAMETERS_MAX } from "./plan";

export { checkHealth as health_check } from "@snakepipe/kit";
export { write_batch } from "./plan";
export { classify_error } from "./failure";

export function manifest(): i32 {
  return describe(
    new Manifest("libsql", "0.1.0")
      .scheme("libsql")
      .scheme("file")
      .scheme("https")
      .scheme("http")
      .scheme("wss")
      .scheme("ws")
      .mode(Mode.Append)
      .mode(Mode.Upsert)
      .mode(Mode.Replace)
      .limits(PARAMETERS_MAX, PARAMETERS_MAX, 255)
      .integer(
        "cacheMegabytes",
        "Pages of a database file that a connection keeps in memory, in MiB; where a table has indexes, more of it pays",
        8,
        1,
        4096,
      )
      .degradedAfter(1000),
  );
}

export function connect(): i32 {
  // In KiB, and negative: a positive number would be one of pages.
  sql.session("PRAGMA cache_size = -" + (setting.integer("cacheMegabytes") * 1024).toString());
  return OK;
}
