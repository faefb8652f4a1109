/** Writes all tables to a folder. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { finish: ["EXPORT DATABASE 'out'"] },
  says: "finish[0]: it carries a sign that no statement needs (quotes, semicolons, and the like)",
};
