/** Brings a program in quotes that are none. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["DO $$ BEGIN DELETE FROM other; END $$"] },
  says: "a sign that no statement needs",
};
