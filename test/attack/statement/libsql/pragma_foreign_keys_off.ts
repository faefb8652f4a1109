/** Lets rows in whose parents are not there. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { session: ["PRAGMA foreign_keys = OFF"] },
  says: "session[0]",
};
