/** Takes the first row of each batch for a head. */
import type { StatementAttack } from "../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { copy: "COPY {table} ({columns}) FROM STDIN WITH (FORMAT text, HEADER)" } },
  says: "copy.sql",
};
