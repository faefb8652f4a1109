// Who the plugin is, and what a session of it runs.

import { describe, Manifest, Mode, OK, setting, sql } from "@snakepipe/kit";
import { PARAMETERS_MAX } from "./plan";

export { checkHealth as health_check } from "@snakepipe/kit"; // asks for SELECT 1
export { write_batch } from "./plan";
export { classify_error } from "./failure";

export function manifest(): i32 {
  return describe(
    // CHANGE 1 of 6: its name, which is its backend's too, its version, and the URL scheme that it answers to.
    new Manifest("mydb", "0.1.0")
      .scheme("mydb")
      .driver("postgres")
      // CHANGE 2 of 6: modes that it plans; parameters and rows of one statement, bytes of a name, at the most.
      .mode(Mode.Append)
      .mode(Mode.Upsert)
      .mode(Mode.Replace)
      .limits(PARAMETERS_MAX, 65535, 63)
      // CHANGE 3 of 6: its settings, which `--set name=value` sets, and what each new session runs for them.
      .choice("jsonType", "Type of json columns in tables that a load creates", ["jsonb", "json"], "jsonb")
      .choice("commit", "synchronous_commit of a session", ["unchanged", "on", "local", "off"], "unchanged")
      .degradedAfter(1000), // milliseconds that a healthy database's answer takes at the most
  );
}

export function connect(): i32 {
  const commit = setting.text("commit");
  if (commit != "unchanged") sql.session("SET synchronous_commit TO " + commit);
  return OK;
}
