/** What is staged has rows of the table. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: {
    stage: [
      "DROP TABLE IF EXISTS {staging}",
      "CREATE TEMP TABLE {staging} AS SELECT {columns}, CAST(0 AS BIGINT) AS {ordinal} FROM {table} LIMIT 1",
    ],
  },
  says: "stage[1]: LIMIT stands where WITH belongs",
};
