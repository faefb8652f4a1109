/** Writes a file of the machine. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { health: ["SELECT writefile(1, 2)"] },
  says: "health[0]",
};
