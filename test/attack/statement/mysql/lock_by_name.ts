/** Takes the lock under which loads are prepared. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { health: ["SELECT GET_LOCK(1, 600)"] },
  says: "health[0]: GET_LOCK stands where a number belongs",
};
