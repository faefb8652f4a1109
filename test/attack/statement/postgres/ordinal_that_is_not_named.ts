/** Has an ordinal sent that belongs nowhere. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({values}, {ordinal})",
    },
  },
  says: "{ordinal}",
};
