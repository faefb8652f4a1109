/** Leaves the transaction to nobody. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { finish: ["PREPARE TRANSACTION x"] },
  says: "finish[0]",
};
