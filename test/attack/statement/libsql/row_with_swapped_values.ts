/** Puts values into each other's columns. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:1}, {value:0}, {value:2})",
    },
  },
  says: "insert.row",
};
