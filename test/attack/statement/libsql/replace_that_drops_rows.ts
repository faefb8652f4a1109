/** Puts some rows less in the place of the old ones. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  mode: "replace",
  plan: {
    finish: [
      "DELETE FROM {table}",
      "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside} LIMIT 1",
    ],
  },
  says: "finish[1]",
};
