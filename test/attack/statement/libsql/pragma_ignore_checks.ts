/** Switches the table's own rules off. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { session: ["PRAGMA ignore_check_constraints = ON"] },
  says: "session[0]",
};
