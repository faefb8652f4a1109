/** Removes what replicas need. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["FLUSH BINARY LOGS"] },
  says: "prepare[0]: FLUSH stands where CREATE belongs",
};
