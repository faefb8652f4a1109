/** Ends the session of somebody else. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { health: ["KILL 1"] },
  says: "health[0]: KILL stands where SELECT belongs",
};
