/** Reads what others have not committed. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { session: ["SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED"] },
  says: "session[0]: TRANSACTION stands where INNODB_LOCK_WAIT_TIMEOUT belongs",
};
