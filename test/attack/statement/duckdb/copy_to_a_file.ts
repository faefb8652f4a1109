/** Writes the table to a file. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { finish: ["COPY {table} TO 'out.csv'"] },
  says: "finish[0]: it carries a sign that no statement needs (quotes, semicolons, and the like)",
};
