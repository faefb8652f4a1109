/** Stops at the first key that is there. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "upsert",
  plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}" } },
  says: "insert.sql: its end stands where ON belongs",
};
