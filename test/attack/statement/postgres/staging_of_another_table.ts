/** Copies another table. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: {
    stage: ["CREATE TEMP TABLE {staging} ON COMMIT DELETE ROWS AS SELECT secret FROM other"],
    write: {
      insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
      row: "({values}, {ordinal})",
    },
  },
  says: "stage[0]",
};
