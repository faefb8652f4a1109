/** Keeps one letter of each text: a cast cuts where a column would refuse. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, CAST({value:1} AS varchar(1)), {value:2})",
    },
  },
  says: "insert.row",
};
