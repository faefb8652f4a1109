/** Reads the table instead of writing it. */
import type { StatementAttack } from "../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { copy: "COPY {table} TO STDOUT" } },
  says: "sql",
};
