/** A text in dollars. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["SELECT $$x$$"] },
  says: "prepare[0]: it carries a sign that no statement needs (quotes, semicolons, and the like)",
};
