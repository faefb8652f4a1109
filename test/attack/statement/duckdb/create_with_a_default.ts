/** NULL and absent become something else. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    create: [
      "CREATE TABLE IF NOT EXISTS {table} ({col:0} BIGINT, {col:1} VARCHAR DEFAULT 1, {col:2} VARCHAR, PRIMARY KEY ({keys}))",
    ],
  },
  says: "create[0]: DEFAULT stands where NOT or NULL or , belongs",
};
