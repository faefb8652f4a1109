/** Makes what stays behind. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["CREATE SEQUENCE s"] },
  says: "prepare[0]: no statement may stand there",
};
