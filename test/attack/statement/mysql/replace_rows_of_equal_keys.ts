/** Deletes rows that are there. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { write: { insert: "REPLACE INTO {table} ({columns}) VALUES {rows}" } },
  says: "insert.sql: REPLACE stands where INSERT belongs",
};
