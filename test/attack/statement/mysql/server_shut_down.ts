/** Ends the server. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["SHUTDOWN"] },
  says: "prepare[0]: SHUTDOWN stands where CREATE belongs",
};
