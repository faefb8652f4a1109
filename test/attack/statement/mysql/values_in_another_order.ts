/** Swaps two columns. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, {value:2}, {value:1})",
    },
  },
  says: "insert.row: {value:2} stands where {value:1} belongs",
};
