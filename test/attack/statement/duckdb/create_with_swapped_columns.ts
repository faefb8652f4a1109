/** Columns in another order. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    create: [
      "CREATE TABLE IF NOT EXISTS {table} ({col:0} BIGINT, {col:2} VARCHAR, {col:1} VARCHAR, PRIMARY KEY ({keys}))",
    ],
  },
  says: "create[0]: {col:2} stands where {col:1} belongs",
};
