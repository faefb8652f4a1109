/** What is staged is there for everybody. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: {
    stage: [
      "DROP TABLE IF EXISTS {staging}",
      "CREATE TABLE {staging} AS SELECT {columns}, CAST(0 AS BIGINT) AS {ordinal} FROM {table} WITH NO DATA",
    ],
  },
  says: "stage[1]: TABLE stands where TEMP belongs",
};
