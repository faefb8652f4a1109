/** A row of defaults. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { finish: ["INSERT INTO {table} DEFAULT VALUES"] },
  says: "finish[0]: no statement may stand there",
};
