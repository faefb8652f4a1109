/** Loads code into the process. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { health: ["SELECT load_extension(1)"] },
  says: "health[0]",
};
