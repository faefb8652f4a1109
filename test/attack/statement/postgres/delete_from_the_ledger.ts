/** Has the host forget what it has loaded. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { merge: ["DELETE FROM _snakepipe_batch"] },
  says: "merge[0]",
};
