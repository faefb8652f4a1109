/** Rows depend on another table. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    create: [
      "CREATE TABLE IF NOT EXISTS {table} ({col:0} BIGINT REFERENCES other, {col:1} VARCHAR, {col:2} VARCHAR, PRIMARY KEY ({keys}))",
    ],
  },
  says: "create[0]: REFERENCES stands where NOT or NULL or , belongs",
};
