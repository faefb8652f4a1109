/** Columns go by their places. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { write: { insert: "INSERT INTO {table} BY POSITION ({columns}) VALUES {rows}" } },
  says: "insert.sql: BY stands where ( belongs",
};
