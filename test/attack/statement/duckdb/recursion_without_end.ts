/** A query that refers to itself. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: {
    merge: [
      "WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT 1 FROM r) INSERT INTO {table} SELECT * FROM r",
    ],
  },
  says: "merge[0]: WITH stands where INSERT belongs",
};
