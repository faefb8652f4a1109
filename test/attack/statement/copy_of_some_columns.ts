/** Writes one column of each row. */
import type { StatementAttack } from "../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { copy: "COPY {table} ({col:0}) FROM STDIN" } },
  says: "sql",
};
