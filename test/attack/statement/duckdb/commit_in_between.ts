/** Commits rows without their ledger row. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["COMMIT"] },
  says: "prepare[0]: no statement may stand there",
};
