/** Writes profiles to a file. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { session: ["PRAGMA enable_profiling = json"] },
  says: "session[0]: no statement may stand there",
};
