/** Lets go of the lock under which loads are prepared. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["DO RELEASE_ALL_LOCKS()"] },
  says: "prepare[0]: DO stands where CREATE belongs",
};
