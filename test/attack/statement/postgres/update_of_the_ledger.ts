/** Says that the load is complete. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { merge: ["UPDATE _snakepipe_load SET state = complete"] },
  says: "merge[0]",
};
