/** Becomes somebody else. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { session: ["SET ROLE postgres"] },
  says: "session[0]",
};
