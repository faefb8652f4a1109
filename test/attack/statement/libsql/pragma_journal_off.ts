/** Makes ROLLBACK undo nothing. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { session: ["PRAGMA journal_mode = OFF"] },
  says: "session[0]",
};
