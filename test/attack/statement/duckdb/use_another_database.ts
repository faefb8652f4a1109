/** Means another database by every name from here on. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { session: ["USE other"] },
  says: "session[0]: no statement may stand there",
};
