/** Makes each health probe last. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { health: ["SELECT SLEEP(36000)"] },
  says: "health[0]: SLEEP stands where a number belongs",
};
