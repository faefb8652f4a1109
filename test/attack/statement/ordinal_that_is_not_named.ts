/** Has an ordinal sent that belongs nowhere. */
import type { StatementAttack } from "../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { copy: "COPY {table} ({columns}) FROM STDIN", ordinal: true } },
  says: "{ordinal}",
};
