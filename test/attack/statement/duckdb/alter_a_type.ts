/** A column keeps less from here on. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["ALTER TABLE {table} ALTER {col:1} TYPE INTEGER"] },
  says: "prepare[0]: no statement may stand there",
};
