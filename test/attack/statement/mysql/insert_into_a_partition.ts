/** Names a partition. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { write: { insert: "INSERT INTO {table} PARTITION (p0) ({columns}) VALUES {rows}" } },
  says: "insert.sql: PARTITION stands where ( belongs",
};
