/** Reads a file of the machine. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { health: ["SELECT readfile(1)"] },
  says: "health[0]",
};
