/** Begins a transaction. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { session: ["BEGIN TRANSACTION"] },
  says: "session[0]: no statement may stand there",
};
