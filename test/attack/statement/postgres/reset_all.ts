/** Undoes what the host has set. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { session: ["RESET ALL"] },
  says: "session[0]",
};
