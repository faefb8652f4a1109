/** Leaves out rows that are refused, and says nothing of it. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { write: { insert: "INSERT IGNORE INTO {table} ({columns}) VALUES {rows}" } },
  says: "insert.sql: IGNORE stands where INTO belongs",
};
