/** Reads a file of the server. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { health: ["SELECT pg_read_file(1)"] },
  says: "health[0]",
};
