/** Nothing is left. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "replace",
  plan: { finish: ["DELETE FROM {table}"] },
  says: "finish[1]: a statement is missing",
};
