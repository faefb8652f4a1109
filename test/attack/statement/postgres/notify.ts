/** Speaks to others. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { finish: ["NOTIFY everything"] },
  says: "finish[0]",
};
