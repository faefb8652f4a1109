/** A column is computed instead of loaded. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    create: [
      "CREATE TABLE IF NOT EXISTS {table} ({col:0} BIGINT, {col:1} VARCHAR, {col:2} VARCHAR GENERATED ALWAYS AS ({col:1}), PRIMARY KEY ({keys}))",
    ],
  },
  says: "create[0]: GENERATED stands where NOT or NULL or , or ) belongs",
};
