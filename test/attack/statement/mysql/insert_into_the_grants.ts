/** Makes a user. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { write: { insert: "INSERT INTO mysql.global_priv ({columns}) VALUES {rows}" } },
  says: "insert.sql: MYSQL stands where {table} belongs",
};
