/** Listens to others. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { session: ["LISTEN everything"] },
  says: "session[0]",
};
