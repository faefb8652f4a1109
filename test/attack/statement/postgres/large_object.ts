/** Deletes what is in no table. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { finish: ["SELECT lo_unlink(1)"] },
  says: "finish[0]",
};
