/** Opens something in the host's transaction. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { merge: ["SAVEPOINT mine"] },
  says: "merge[0]",
};
