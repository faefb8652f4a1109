/** Keeps a statement for later. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { session: ["PREPARE later AS DELETE FROM other"] },
  says: "session[0]",
};
