/** Puts a view where the table is to be. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { create: ["CREATE VIEW {table} AS SELECT 1"] },
  says: "create[0]: VIEW stands where TABLE belongs",
};
