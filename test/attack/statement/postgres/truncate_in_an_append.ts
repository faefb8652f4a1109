/** Empties the table that rows are added to. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["TRUNCATE TABLE {table}"] },
  says: "prepare[0]",
};
