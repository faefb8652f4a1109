/** Lets rows in that refer to nothing. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { session: ["SET SESSION foreign_key_checks = 0"] },
  says: "session[0]: FOREIGN_KEY_CHECKS stands where INNODB_LOCK_WAIT_TIMEOUT belongs",
};
