/** Hides words in a comment that MySQL runs. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { write: { insert: "INSERT /*!50000 IGNORE */ INTO {table} ({columns}) VALUES {rows}" } },
  says: "insert.sql: it carries a sign that no statement needs",
};
