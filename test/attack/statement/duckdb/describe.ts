/** Tells of a table. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["DESCRIBE {table}"] },
  says: "prepare[0]: no statement may stand there",
};
