/** Waits with each row. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, {value:1}, SLEEP(1))",
    },
  },
  says: "insert.row: SLEEP stands where {value:2} belongs",
};
