/** Has the server do it, to see how. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["EXPLAIN ANALYZE DELETE FROM {table}"] },
  says: "prepare[0]",
};
