/** Deletes what was loaded. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: {
    finish: [
      "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
      "DELETE FROM {table}",
    ],
  },
  says: "finish[0]: INSERT stands where DELETE belongs",
};
