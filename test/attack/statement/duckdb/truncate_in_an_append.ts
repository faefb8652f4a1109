/** Rows that were there are gone. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["TRUNCATE {table}"] },
  says: "prepare[0]: no statement may stand there",
};
