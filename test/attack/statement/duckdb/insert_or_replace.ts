/** Rows of any unique key are replaced. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { write: { insert: "INSERT OR REPLACE INTO {table} ({columns}) VALUES {rows}" } },
  says: "insert.sql: OR stands where INTO belongs",
};
