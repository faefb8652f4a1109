/** Loads code into the server. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { session: ["LOAD plpgsql"] },
  says: "session[0]",
};
