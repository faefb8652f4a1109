/** Rows without end. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "replace",
  plan: {
    finish: [
      "DELETE FROM {table}",
      "INSERT INTO {table} ({columns}) SELECT range, range, range FROM range(1000000000000)",
    ],
  },
  says: "finish[1]: RANGE stands where {columns} belongs",
};
