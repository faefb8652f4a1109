/** Sends a row of its own with each. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({values}), (7, 7, 7)",
    },
  },
  says: "insert.row: , stands where its end belongs",
};
