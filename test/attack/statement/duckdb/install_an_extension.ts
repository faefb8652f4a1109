/** Fetches code from the network. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { session: ["INSTALL httpfs"] },
  says: "session[0]: no statement may stand there",
};
