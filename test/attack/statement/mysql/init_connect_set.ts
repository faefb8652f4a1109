/** Runs a statement in each session to come. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { session: ["SET GLOBAL init_connect = 1"] },
  says: "session[0]: GLOBAL stands where SESSION belongs",
};
