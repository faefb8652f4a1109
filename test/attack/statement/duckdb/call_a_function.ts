/** Runs a function. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["CALL pragma_version()"] },
  says: "prepare[0]: no statement may stand there",
};
