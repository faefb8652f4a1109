/** Undoes what the host believes is done. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { merge: ["ROLLBACK"] },
  says: "merge[0]",
};
