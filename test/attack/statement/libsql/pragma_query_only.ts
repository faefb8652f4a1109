/** Makes every write fail. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { session: ["PRAGMA query_only = ON"] },
  says: "session[0]",
};
