/** Brings one along where the protocol would run it. */
import type { StatementAttack } from "../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { copy: "COPY {table} ({columns}) FROM STDIN; DROP TABLE other" } },
  says: "a sign that no statement needs",
};
