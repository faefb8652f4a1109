/** Leaves a slot open. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { prepare: ["DROP TABLE {table"] },
  says: "a brace",
};
