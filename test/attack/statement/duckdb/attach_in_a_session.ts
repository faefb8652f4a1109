/** Opens another database before anything. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { session: ["ATTACH 'other.duckdb'"] },
  says: "session[0]: it carries a sign that no statement needs (quotes, semicolons, and the like)",
};
