/** Rows that are there stay, and are counted. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { write: { insert: "INSERT OR IGNORE INTO {table} ({columns}) VALUES {rows}" } },
  says: "insert.sql: OR stands where INTO belongs",
};
