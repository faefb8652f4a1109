/** Closes the host's file. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { session: ["DETACH main"] },
  says: "session[0]",
};
