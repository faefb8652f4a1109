/** Switches triggers and foreign keys off. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { session: ["SET session_replication_role TO replica"] },
  says: "session[0]",
};
