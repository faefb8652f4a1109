/** Ends the sessions of others. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { health: ["SELECT pg_terminate_backend(1)"] },
  says: "health[0]",
};
