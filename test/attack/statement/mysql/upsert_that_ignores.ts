/** Keeps the old rows. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "upsert",
  plan: { write: { insert: "INSERT IGNORE INTO {table} ({columns}) VALUES {rows}" } },
  says: "insert.sql: IGNORE stands where INTO belongs",
};
