/** Starts as many threads as it likes. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { session: ["SET threads TO 10000"] },
  says: "session[0]: no statement may stand there",
};
