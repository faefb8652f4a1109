/** For all sessions of the process. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { session: ["SET GLOBAL preserve_insertion_order = false"] },
  says: "session[0]: no statement may stand there",
};
