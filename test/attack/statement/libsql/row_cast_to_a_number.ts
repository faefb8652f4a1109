/** Makes 0 of every text that is no number. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, CAST({value:1} AS INTEGER), {value:2})",
    },
  },
  says: "insert.row",
};
