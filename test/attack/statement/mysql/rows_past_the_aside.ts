/** Loads into the table before the old rows are gone. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}" } },
  says: "insert.sql: {table} stands where {aside} belongs",
};
