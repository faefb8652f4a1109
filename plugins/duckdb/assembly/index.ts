// DuckDB: an append into the table itself, an upsert through a temporary staging table, a replace through
// a table beside the target.

import { describe, health, Manifest, Mode, OK, probeAnswer, setting, sql } from "@snakepipe/kit";
import { PARAMETERS_MAX } from "./plan";

export { write_batch } from "./plan";
export { classify_error } from "./failure";

export function manifest(): i32 {
  return describe(
    new Manifest("duckdb", "0.1.0")
      .scheme("duckdb")
      .mode(Mode.Append)
      .mode(Mode.Upsert)
      .mode(Mode.Replace)
      .limits(PARAMETERS_MAX, PARAMETERS_MAX, 1024)
      .integer(
        "decimalScale",
        "Digits behind the point of the decimal columns that a load creates, of 38 in all; DuckDB rounds what has more",
        10,
        0,
        38,
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
