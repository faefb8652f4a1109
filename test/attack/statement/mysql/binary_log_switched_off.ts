/** Hides a load from the replicas. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { session: ["SET SESSION sql_log_bin = 0"] },
  says: "session[0]: SQL_LOG_BIN stands where INNODB_LOCK_WAIT_TIMEOUT belongs",
};
