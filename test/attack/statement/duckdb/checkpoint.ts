/** Waits for others, or ends them. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { finish: ["FORCE CHECKPOINT"] },
  says: "finish[0]: no statement may stand there",
};
