/** Switches off the CHECKs of MariaDB. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { session: ["SET SESSION check_constraint_checks = 0"] },
  says: "session[0]: CHECK_CONSTRAINT_CHECKS stands where INNODB_LOCK_WAIT_TIMEOUT belongs",
};
