/** Writes where applications keep their own. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { session: ["PRAGMA user_version = 7"] },
  says: "session[0]",
};
