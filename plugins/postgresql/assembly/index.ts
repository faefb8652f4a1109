// PostgreSQL: an append into the table itself, an upsert through a temporary staging table, a replace through a table
// beside the target.

import { describe, Manifest, Mode, OK, setting, sql } from "@snakepipe/kit";
import { PARAMETERS_MAX } from "./plan";

export { checkHealth as health_check } from "@snakepipe/kit";
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
      .degradedAfter(1000),
  );
}

export function connect(): i32 {
  const commit = setting.text("synchronousCommit");
  if (commit != "unchanged") sql.session("SET synchronous_commit TO " + commit);
  return OK;
}
