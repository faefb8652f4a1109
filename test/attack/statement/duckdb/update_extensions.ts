/** Fetches newer code. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["UPDATE EXTENSIONS"] },
  says: "prepare[0]: no statement may stand there",
};
