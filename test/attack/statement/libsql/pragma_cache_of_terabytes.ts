/** Lets the database keep everything in memory. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { session: ["PRAGMA cache_size = -4000000000"] },
  says: "session[0]",
};
