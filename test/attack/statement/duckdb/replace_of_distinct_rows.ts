/** Rows that are alike are lost. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "replace",
  plan: {
    finish: [
      "DELETE FROM {table}",
      "INSERT INTO {table} ({columns}) SELECT DISTINCT {columns} FROM {aside}",
    ],
  },
  says: "finish[1]: DISTINCT stands where {columns} belongs",
};
