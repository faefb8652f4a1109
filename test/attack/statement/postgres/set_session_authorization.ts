/** Becomes somebody else for good. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { session: ["SET SESSION AUTHORIZATION postgres"] },
  says: "session[0]",
};
