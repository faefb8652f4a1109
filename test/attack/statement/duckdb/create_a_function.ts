/** Gives a function another meaning. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["CREATE FUNCTION f(a) AS a + 1"] },
  says: "prepare[0]: no statement may stand there",
};
