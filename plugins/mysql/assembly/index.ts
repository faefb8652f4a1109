// MySQL and MariaDB: rows by INSERT statements of many rows each.

import { describe, Manifest, Mode, OK, setting, sql } from "@snakepipe/kit";
import { PARAMETERS_MAX } from "./plan";

export { checkHealth as health_check } from "@snakepipe/kit";
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
      .degradedAfter(1000),
  );
}

export function connect(): i32 {
  sql.session("SET SESSION innodb_lock_wait_timeout = " + setting.integer("lockWaitSeconds").toString());
  return OK;
}
