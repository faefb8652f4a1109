/** Has the server run a program. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { insert: "COPY {table} FROM PROGRAM sh WITH ({rows})" } },
  says: "COPY stands where INSERT belongs",
};
