/** Rows go elsewhere. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { write: { insert: "INSERT INTO other VALUES {rows}" } },
  says: "insert.sql: OTHER stands where {table} belongs",
};
