/** Works for as long as it likes. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { finish: ["VACUUM"] },
  says: "finish[0]: no statement may stand there",
};
