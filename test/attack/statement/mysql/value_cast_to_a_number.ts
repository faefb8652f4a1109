/** Has a text be cut to the number that it begins with. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, {value:1}, CAST({value:2} AS SIGNED))",
    },
  },
  says: "insert.row: CAST stands where {value:2} belongs",
};
