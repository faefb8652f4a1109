/** Runs native code. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { session: ["LOAD httpfs"] },
  says: "session[0]: no statement may stand there",
};
