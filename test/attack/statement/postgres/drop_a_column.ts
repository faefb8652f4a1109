/** Drops a column with what is in it. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["ALTER TABLE {table} DROP COLUMN {col:1}"] },
  says: "prepare[0]",
};
