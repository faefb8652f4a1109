/** Lets InnoDB overlook equal keys. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { session: ["SET SESSION unique_checks = 0"] },
  says: "session[0]: UNIQUE_CHECKS stands where INNODB_LOCK_WAIT_TIMEOUT belongs",
};
