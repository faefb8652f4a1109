/** One column is missing. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    create: [
      "CREATE TABLE IF NOT EXISTS {table} ({col:0} BIGINT, {col:1} VARCHAR, PRIMARY KEY ({keys}))",
    ],
  },
  says: "create[0]: PRIMARY stands where {col:2} belongs",
};
