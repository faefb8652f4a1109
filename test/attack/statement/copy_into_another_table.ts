/** Writes the rows into another table. */
import type { StatementAttack } from "../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { copy: "COPY other FROM STDIN" } },
  says: "sql",
};
