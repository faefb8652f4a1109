/** Escapes. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["SELECT E\\a"] },
  says: "a sign that no statement needs",
};
