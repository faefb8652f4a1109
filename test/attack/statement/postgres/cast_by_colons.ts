/** Casts by a sign. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { finish: ["SELECT 1::regclass"] },
  says: "a colon outside of a slot",
};
