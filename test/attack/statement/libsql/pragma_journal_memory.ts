/** Makes a crash ruin the file. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { session: ["PRAGMA journal_mode = MEMORY"] },
  says: "session[0]",
};
