/** Keeps credentials. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["CREATE SECRET s (TYPE s3, KEY_ID k)"] },
  says: "prepare[0]: no statement may stand there",
};
