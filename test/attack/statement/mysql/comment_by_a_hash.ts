/** Hides the end of a statement from the host. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows} # ON DUPLICATE KEY UPDATE" },
  },
  says: "insert.sql: it carries a sign that no statement needs",
};
