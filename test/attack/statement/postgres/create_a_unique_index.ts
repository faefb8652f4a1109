/** Has rows refused that were in order. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["CREATE UNIQUE INDEX once ON {table} ({col:1})"] },
  says: "prepare[0]",
};
