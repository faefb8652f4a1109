/** Runs a statement to explain it. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["EXPLAIN ANALYZE DELETE FROM {table}"] },
  says: "prepare[0]: no statement may stand there",
};
