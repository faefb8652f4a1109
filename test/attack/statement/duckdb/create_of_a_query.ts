/** The table begins with rows. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { create: ["CREATE TABLE {table} AS SELECT 1 AS {col:0}, 2 AS {col:1}, 3 AS {col:2}"] },
  says: "create[0]: AS stands where ( belongs",
};
