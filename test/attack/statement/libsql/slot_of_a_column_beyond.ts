/** Asks for a column behind the last. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { prepare: ["DROP TABLE {col:3}"] },
  says: "column 3 of 3",
};
