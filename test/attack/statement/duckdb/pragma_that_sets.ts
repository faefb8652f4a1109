/** Sets by a pragma. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { session: ["PRAGMA enable_checkpoint_on_shutdown"] },
  says: "session[0]: no statement may stand there",
};
