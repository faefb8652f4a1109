/** Drops everything. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["DROP SCHEMA main CASCADE"] },
  says: "prepare[0]: no statement may stand there",
};
