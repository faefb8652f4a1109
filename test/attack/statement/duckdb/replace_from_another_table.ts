/** Rows come from elsewhere. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "replace",
  plan: {
    finish: ["DELETE FROM {table}", "INSERT INTO {table} ({columns}) SELECT {columns} FROM other"],
  },
  says: "finish[1]: OTHER stands where {aside} belongs",
};
