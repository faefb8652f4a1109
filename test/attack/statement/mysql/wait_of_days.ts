/** Waits longer for a lock than may be. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { session: ["SET SESSION innodb_lock_wait_timeout = 86400"] },
  says: "session[0]: 86400 stands where a number up to 600 belongs",
};
