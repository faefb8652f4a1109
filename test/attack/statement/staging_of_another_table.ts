/** Copies another table. */
import type { StatementAttack } from "../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: {
    stage: ["CREATE TEMP TABLE {staging} ON COMMIT DELETE ROWS AS SELECT secret FROM other"],
    write: { copy: "COPY {staging} ({columns}, {ordinal}) FROM STDIN", ordinal: true },
  },
  says: "stage[0]",
};
