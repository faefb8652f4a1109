/** Reads another table where the host asks how things are. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { health: ["SELECT secret FROM other"] },
  says: "health[0]",
};
