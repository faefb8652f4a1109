/** Waits with it until sessions end. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { teardown: ["DROP TABLE other"] },
  says: "teardown[0]",
};
