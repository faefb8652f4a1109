/** Reads another table below the optimizer. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { health: ["HANDLER other READ FIRST"] },
  says: "health[0]: HANDLER stands where SELECT belongs",
};
