/** The same, written another way. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { session: ["SET @@GLOBAL.max_connections = 1"] },
  says: "session[0]: it carries a sign that no statement needs",
};
