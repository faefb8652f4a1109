/** Deletes by another table. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "replace",
  plan: {
    finish: [
      "DELETE FROM {table} USING {aside}",
      "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
    ],
  },
  says: "finish[0]: USING stands where its end belongs",
};
