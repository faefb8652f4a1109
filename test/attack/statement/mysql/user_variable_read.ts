/** Sends what the session holds in the place of a value. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, {value:1}, @a)",
    },
  },
  says: "insert.row: it carries a sign that no statement needs",
};
