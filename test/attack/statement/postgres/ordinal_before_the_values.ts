/** Puts ordinals into the first column, and each value into the one beside its own. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  mode: "upsert",
  plan: {
    write: {
      insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
      row: "({ordinal}, {values})",
    },
  },
  says: "insert.row: {ordinal} stands where",
};
