/** Has each statement be in by itself. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { session: ["SET SESSION autocommit = 1"] },
  says: "session[0]: AUTOCOMMIT stands where INNODB_LOCK_WAIT_TIMEOUT belongs",
};
