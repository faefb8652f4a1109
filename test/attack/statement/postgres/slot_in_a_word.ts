/** Glues letters to a name. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["DROP TABLE x{table}"] },
  says: "a slot touches",
};
