/** Gives a table's name another meaning. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["CREATE OR REPLACE MACRO other() AS TABLE SELECT 1"] },
  says: "prepare[0]: no statement may stand there",
};
