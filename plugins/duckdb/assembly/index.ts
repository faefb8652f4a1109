// DuckDB: an append into the table itself, an upsert through a temporary staging table, a replace through
// a table beside the target.

import { describe, Manifest, Mode, OK } from "@snakepipe/kit";
import { PARAMETERS_MAX } from "./plan";

export { checkHealth as health_check } from "@snakepipe/kit";
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
      .degradedAfter(1000),
  );
}

export function connect(): i32 {
  return OK;
}
