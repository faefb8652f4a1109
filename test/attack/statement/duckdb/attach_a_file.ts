/** Opens another database. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["ATTACH 'other.duckdb' AS other"] },
  says: "prepare[0]: it carries a sign that no statement needs (quotes, semicolons, and the like)",
};
