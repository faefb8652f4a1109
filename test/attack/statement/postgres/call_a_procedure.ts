/** Runs what others have stored. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { session: ["CALL clean_up()"] },
  says: "session[0]",
};
