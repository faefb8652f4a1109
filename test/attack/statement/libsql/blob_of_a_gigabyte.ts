/** Asks for a gigabyte. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { health: ["SELECT zeroblob(1000000000)"] },
  says: "health[0]",
};
