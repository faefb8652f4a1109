/** Opens a transaction that the host does not know of. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { session: ["BEGIN"] },
  says: "session[0]",
};
