/** Drops a table that it was not handed. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["DROP TABLE other"] },
  says: "prepare[0]",
};
