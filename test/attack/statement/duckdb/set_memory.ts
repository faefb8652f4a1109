/** Takes all the memory there is. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { session: ["SET memory_limit = 0"] },
  says: "session[0]: no statement may stand there",
};
