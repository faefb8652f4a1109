/** Hides a word behind a number. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { finish: ["SELECT 1FROM other"] },
  says: "",
};
