/** Makes the table again, and what was in it is gone. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    create: [
      "CREATE OR REPLACE TABLE {table} ({col:0} BIGINT, {col:1} VARCHAR, {col:2} VARCHAR, PRIMARY KEY ({keys}))",
    ],
  },
  says: "create[0]: OR stands where TABLE belongs",
};
