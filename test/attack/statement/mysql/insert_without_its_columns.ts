/** Loads by place. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { write: { insert: "INSERT INTO {table} VALUES {rows}" } },
  says: "insert.sql: VALUES stands where ( belongs",
};
