/** Fetches code again. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["FORCE INSTALL json"] },
  says: "prepare[0]: no statement may stand there",
};
