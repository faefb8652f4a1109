/** A word of ten kilobytes. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { health: [`SELECT ${"a".repeat(10_000)}`] },
  says: "health[0]",
};
