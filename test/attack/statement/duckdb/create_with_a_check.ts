/** Refuses rows that would be taken. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    create: [
      "CREATE TABLE IF NOT EXISTS {table} ({col:0} BIGINT, {col:1} VARCHAR CHECK ({col:1} IS NULL), {col:2} VARCHAR, PRIMARY KEY ({keys}))",
    ],
  },
  says: "create[0]: CHECK stands where NOT or NULL or , belongs",
};
