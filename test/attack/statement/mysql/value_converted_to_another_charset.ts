/** Turns letters into question marks. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, {value:1}, CONVERT({value:2} USING latin1))",
    },
  },
  says: "insert.row: CONVERT stands where {value:2} belongs",
};
