/** Has a value's bytes be read as another encoding. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, {value:1}, _latin1 {value:2})",
    },
  },
  says: "insert.row: _LATIN1 stands where {value:2} belongs",
};
