/** Means another schema by every name from here on. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["USE memory.main"] },
  says: "prepare[0]: no statement may stand there",
};
