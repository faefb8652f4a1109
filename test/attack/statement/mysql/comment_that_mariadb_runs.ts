/** Hides words in a comment that MariaDB alone runs. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { write: { insert: "INSERT /*M! IGNORE */ INTO {table} ({columns}) VALUES {rows}" } },
  says: "insert.sql: it carries a sign that no statement needs",
};
