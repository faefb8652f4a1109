/** Ends the host's transaction before its time. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { finish: ["COMMIT"] },
  says: "finish[0]",
};
