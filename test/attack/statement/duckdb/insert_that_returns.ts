/** Rows come back. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows} RETURNING *" } },
  says: "insert.sql: RETURNING stands where its end belongs",
};
