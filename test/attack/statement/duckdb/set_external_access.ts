/** Asks for files and the network. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { session: ["SET enable_external_access = true"] },
  says: "session[0]: no statement may stand there",
};
