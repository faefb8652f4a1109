/** Which row was the last is not known. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: {
    stage: [
      "DROP TABLE IF EXISTS {staging}",
      "CREATE TEMP TABLE {staging} AS SELECT {columns} FROM {table} WITH NO DATA",
    ],
  },
  says: "stage[1]: FROM stands where , belongs",
};
