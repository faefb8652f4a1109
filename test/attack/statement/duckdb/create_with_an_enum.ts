/** A text becomes one of a few. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    create: [
      "CREATE TABLE IF NOT EXISTS {table} ({col:0} BIGINT, {col:1} mood, {col:2} VARCHAR, PRIMARY KEY ({keys}))",
    ],
  },
  says: "create[0]: MOOD stands where BOOLEAN",
};
