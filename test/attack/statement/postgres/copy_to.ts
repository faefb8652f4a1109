/** Reads the table instead of writing it. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { insert: "COPY {table} TO STDOUT WITH ({rows})" } },
  says: "COPY stands where INSERT belongs",
};
