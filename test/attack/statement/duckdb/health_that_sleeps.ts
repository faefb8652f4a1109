/** Holds a session. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { health: ["SELECT count(*) FROM range(1000000000000)"] },
  says: "health[0]: COUNT stands where a number belongs",
};
