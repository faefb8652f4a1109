/** Asks for a name by a slot that there is not. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { prepare: ["DROP TABLE {other}"] },
  says: "an unknown slot",
};
