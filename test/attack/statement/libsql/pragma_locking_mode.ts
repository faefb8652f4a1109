/** Keeps everybody from the file. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { session: ["PRAGMA locking_mode = EXCLUSIVE"] },
  says: "session[0]",
};
