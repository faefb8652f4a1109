/** Lets statements run for ever. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { session: ["SET statement_timeout TO 0"] },
  says: "session[0]",
};
