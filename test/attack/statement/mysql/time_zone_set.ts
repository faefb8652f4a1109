/** Moves all instants. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { session: ["SET SESSION time_zone = SYSTEM"] },
  says: "session[0]: TIME_ZONE stands where INNODB_LOCK_WAIT_TIMEOUT belongs",
};
