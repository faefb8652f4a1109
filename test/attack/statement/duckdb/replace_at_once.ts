/** Rows go into the table itself. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "replace",
  plan: {
    write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}" },
    finish: ["DELETE FROM {table}"],
  },
  says: "insert.sql: {table} stands where {aside} belongs",
};
