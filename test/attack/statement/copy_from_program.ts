/** Has the server run a program. */
import type { StatementAttack } from "../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { copy: "COPY {table} FROM PROGRAM sh" } },
  says: "sql",
};
