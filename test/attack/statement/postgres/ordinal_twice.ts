/** Sends an ordinal in the place of a value. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  mode: "upsert",
  plan: {
    write: {
      insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
      row: "({value:0}, {value:1}, {ordinal}, {ordinal})",
    },
  },
  says: "{ordinal} once",
};
