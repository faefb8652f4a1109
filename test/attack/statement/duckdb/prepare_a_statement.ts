/** Keeps a statement under a name. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { session: ["PREPARE p AS SELECT 1"] },
  says: "session[0]: no statement may stand there",
};
