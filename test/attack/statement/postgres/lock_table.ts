/** Keeps everybody from the table. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["LOCK TABLE {table}"] },
  says: "prepare[0]",
};
