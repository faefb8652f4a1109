/** Has a value cut. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, {value:1}, CAST({value:2} AS name))",
    },
  },
  says: "insert.row",
};
