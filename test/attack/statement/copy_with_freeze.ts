/** Writes rows that others see before they are committed. */
import type { StatementAttack } from "../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { copy: "COPY {table} ({columns}) FROM STDIN WITH (FREEZE)" } },
  says: "sql",
};
