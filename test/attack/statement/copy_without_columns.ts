/** Leaves the order of the columns to the table. */
import type { StatementAttack } from "../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { copy: "COPY {table} FROM STDIN" } },
  says: "sql",
};
