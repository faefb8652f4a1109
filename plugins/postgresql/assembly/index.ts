// PostgreSQL: an append into the table itself, an upsert through a temporary staging table, a replace through a table
// beside the target.

import { describe, health, Manifest, Mode, OK, probeAnswer, setting, sql } from "@snakepipe/kit";

import { PARAMETERS_MAX } from "./plan";

export { write_batch } from "./plan";
export { classify_error } from "./failure";

export function manifest(): i32 {
  return describe(
    new Manifest("postgresql", "0.1.0")
      .driver("postgres")
      .scheme("postgres")
      .scheme("postgresql")
      .mode(Mode.Append)
      .mode(Mode.Upsert)
      .mode(Mode.Replace)
      .limits(PARAMETERS_MAX, 65535, 63)
      .choice(
        "jsonType",
        "Type of json columns in tables that a load creates; json keeps the text as it came",
        ["jsonb", "json"],
        "jsonb",
      )
      .choice(
        "synchronousCommit",
        "synchronous_commit of the loader's sessions; with off, a crash of the server can undo the latest batches, each as a whole",
        ["unchanged", "on", "local", "off"],
        "unchanged",
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
  const commit = setting.text("synchronousCommit");
  if (commit != "unchanged") sql.session("SET synchronous_commit TO " + commit);
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
