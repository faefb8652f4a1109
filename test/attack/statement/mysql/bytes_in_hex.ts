/** Writes a text without a quote. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, {value:1}, 0x736563726574)",
    },
  },
  says: "insert.row: a number touches a word",
};
