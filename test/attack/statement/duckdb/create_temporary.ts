/** A table that goes with the session, and its rows with it. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    create: [
      "CREATE TEMP TABLE {table} ({col:0} BIGINT, {col:1} VARCHAR, {col:2} VARCHAR, PRIMARY KEY ({keys}))",
    ],
  },
  says: "create[0]: TEMP stands where TABLE belongs",
};
