// MySQL and MariaDB: rows by INSERT statements of many rows each.

import { describe, health, Manifest, Mode, OK, probeAnswer, setting, sql } from "@snakepipe/kit";
import { PARAMETERS_MAX } from "./plan";

export { write_batch } from "./plan";
export { classify_error } from "./failure";

export function manifest(): i32 {
  return describe(
    new Manifest("mysql", "0.1.0")
      .scheme("mysql")
      .scheme("mariadb")
      .mode(Mode.Append)
      .mode(Mode.Upsert)
      .mode(Mode.Replace)
      // 64 characters of three bytes.
      .limits(PARAMETERS_MAX, PARAMETERS_MAX, 192)
      .integer(
        "lockWaitSeconds",
        "Seconds that a statement waits for a row that another transaction holds",
        50,
        1,
        600,
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
  sql.session("SET SESSION innodb_lock_wait_timeout = " + setting.integer("lockWaitSeconds").toString());
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
