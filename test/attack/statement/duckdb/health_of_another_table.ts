/** Tells of another table. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { health: ["SELECT secret FROM other"] },
  says: "health[0]: SECRET stands where a number belongs",
};
