/** Answers before the rows are in. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { write: { insert: "INSERT DELAYED INTO {table} ({columns}) VALUES {rows}" } },
  says: "insert.sql: DELAYED stands where INTO belongs",
};
