/** Begins with the rows of another table. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  mode: "replace",
  plan: { prepare: ["CREATE TABLE {aside} AS SELECT secret FROM other"] },
  says: "prepare[0]",
};
