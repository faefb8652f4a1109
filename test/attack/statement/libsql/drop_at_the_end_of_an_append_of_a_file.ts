/** Drops it once everything is in. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { finish: ["DROP TABLE {table}"] },
  says: "finish[0]",
};
