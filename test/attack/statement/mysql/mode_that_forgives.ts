/** Takes from the session what refuses values. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { session: ["SET SESSION sql_mode = 0"] },
  says: "session[0]: SQL_MODE stands where INNODB_LOCK_WAIT_TIMEOUT belongs",
};
