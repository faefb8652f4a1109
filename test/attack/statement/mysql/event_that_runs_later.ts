/** Runs a statement when the load is long over. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM other"] },
  says: "prepare[0]: EVENT stands where TABLE belongs",
};
