/** Runs what somebody else has written. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["CALL p ( )"] },
  says: "prepare[0]: CALL stands where CREATE belongs",
};
