/** Asks the server to sleep. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { health: ["SELECT pg_sleep(100000)"] },
  says: "health[0]",
};
