/** Has a text become a number. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, {value:1}, {value:2} + 0)",
    },
  },
  says: "insert.row: + stands where ) belongs",
};
