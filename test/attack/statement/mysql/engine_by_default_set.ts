/** Has tables made by an engine without transactions. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { session: ["SET SESSION default_storage_engine = MyISAM"] },
  says: "session[0]: DEFAULT_STORAGE_ENGINE stands where INNODB_LOCK_WAIT_TIMEOUT belongs",
};
