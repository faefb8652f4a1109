/** Asks for what a pragma tells. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { session: ["PRAGMA version"] },
  says: "session[0]: no statement may stand there",
};
