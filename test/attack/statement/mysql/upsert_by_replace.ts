/** Deletes the row, and with it what refers to it. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "upsert",
  plan: { write: { insert: "REPLACE INTO {table} ({columns}) VALUES {rows}" } },
  says: "insert.sql: REPLACE stands where INSERT belongs",
};
