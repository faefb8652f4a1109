/** Writes each value into the column beside its own. */
import type { StatementAttack } from "../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { copy: "COPY {table} ({col:0}, {col:2}, {col:1}) FROM STDIN" } },
  says: "sql",
};
