/** Has unqualified names mean others. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["USE mysql"] },
  says: "prepare[0]: USE stands where CREATE belongs",
};
