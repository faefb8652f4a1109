/** Runs what has a name. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { finish: ["EXECUTE p"] },
  says: "finish[0]: no statement may stand there",
};
