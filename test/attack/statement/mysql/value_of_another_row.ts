/** Copies what stands before it. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, {value:1}, {col:1})",
    },
  },
  says: "insert.row: the slot {col} has no meaning there",
};
