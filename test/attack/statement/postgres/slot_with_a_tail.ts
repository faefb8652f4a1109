/** Glues a tail to a name. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["DROP TABLE {table}_backup"] },
  says: "a slot touches",
};
