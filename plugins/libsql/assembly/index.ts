// libSQL, and SQLite files: rows by INSERT statements of many rows each.

import { describe, health, Manifest, Mode, OK, probeAnswer, setting, sql } from "@snakepipe/kit";
import { PARAMETERS_MAX } from "./plan";

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
      .integer(
        "degradedAfterMs",
        "Milliseconds of a health probe's round trip beyond which the backend is degraded",
        1000,
        1,
        600000,
      ),
  );
}

export function connect(): i32 {
  // In KiB, and negative: a positive number would be one of pages.
  sql.session("PRAGMA cache_size = -" + (setting.integer("cacheMegabytes") * 1024).toString());
  return OK;
}

export function health_check(): i32 {
  const probe = probeAnswer();
  if (probe === null) {
    sql.health("SELECT 1");
    return OK;
  }
  if (probe.text != "1") return health.unhealthy();
  return probe.latencyMs > setting.integer("degradedAfterMs") ? health.degraded() : health.healthy();
}
