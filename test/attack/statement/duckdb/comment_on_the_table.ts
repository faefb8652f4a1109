/** Takes away the mark by which the table is known. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["COMMENT ON TABLE {table} IS NULL"] },
  says: "prepare[0]: no statement may stand there",
};
