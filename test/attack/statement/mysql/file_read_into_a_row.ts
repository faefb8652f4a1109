/** Loads a file of the server's in the place of a value. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, {value:1}, LOAD_FILE({value:2}))",
    },
  },
  says: "insert.row: LOAD_FILE stands where {value:2} belongs",
};
