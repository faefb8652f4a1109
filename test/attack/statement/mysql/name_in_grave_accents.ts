/** Names another table. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { write: { insert: "INSERT INTO `other` ({columns}) VALUES {rows}" } },
  says: "insert.sql: it carries a sign that no statement needs",
};
