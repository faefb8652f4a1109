/** Switches row security off. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { session: ["SET row_security TO off"] },
  says: "session[0]",
};
