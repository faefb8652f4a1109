/** Keeps a row in a variable of the session. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, {value:1}, @a := {value:2})",
    },
  },
  says: "insert.row: it carries a sign that no statement needs",
};
