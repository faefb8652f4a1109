/** Sets a variable for one statement by a hint. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    write: {
      insert:
        "INSERT /*+ SET_VAR(foreign_key_checks=OFF) */ INTO {table} ({columns}) VALUES {rows}",
    },
  },
  says: "insert.sql: it carries a sign that no statement needs",
};
