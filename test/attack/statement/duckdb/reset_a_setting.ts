/** Takes back what the driver has set. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { session: ["RESET lock_configuration"] },
  says: "session[0]: no statement may stand there",
};
