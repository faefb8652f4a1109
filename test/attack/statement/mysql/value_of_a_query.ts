/** Reads another table. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, {value:1}, (SELECT secret FROM other))",
    },
  },
  says: "insert.row: ( stands where {value:2} belongs",
};
