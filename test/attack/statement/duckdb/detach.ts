/** Closes a database. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { teardown: ["DETACH other"] },
  says: "teardown[0]: no statement may stand there",
};
