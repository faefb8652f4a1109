/** The rows of another table, with FROM in front. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "replace",
  plan: { finish: ["INSERT INTO {table} FROM other"] },
  says: "finish[0]: INSERT stands where DELETE belongs",
};
