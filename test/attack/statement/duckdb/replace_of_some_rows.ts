/** Rows are lost. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "replace",
  plan: {
    finish: [
      "DELETE FROM {table}",
      "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside} LIMIT 1",
    ],
  },
  says: "finish[1]: LIMIT stands where its end belongs",
};
