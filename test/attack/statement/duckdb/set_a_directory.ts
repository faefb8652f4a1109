/** Says where secrets are read from. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { session: ["SET secret_directory = 1"] },
  says: "session[0]: no statement may stand there",
};
