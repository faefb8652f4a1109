/** Separates words by what nobody sees. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { prepare: ["DROP\tTABLE other"] },
  says: "a sign that no statement needs",
};
