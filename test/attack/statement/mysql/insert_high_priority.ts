/** Goes before all readers. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { write: { insert: "INSERT HIGH_PRIORITY INTO {table} ({columns}) VALUES {rows}" } },
  says: "insert.sql: HIGH_PRIORITY stands where INTO belongs",
};
