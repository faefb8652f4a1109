/** Compares a value in another way. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, {value:1}, {value:2} COLLATE utf8mb4_general_ci)",
    },
  },
  says: "insert.row: COLLATE stands where ) belongs",
};
