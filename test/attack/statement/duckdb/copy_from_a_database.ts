/** Copies a whole database. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["COPY FROM DATABASE memory TO other"] },
  says: "prepare[0]: no statement may stand there",
};
