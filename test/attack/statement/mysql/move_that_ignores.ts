/** Loses rows on their way from aside. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: {
    finish: [
      "DELETE FROM {table}",
      "INSERT IGNORE INTO {table} ({columns}) SELECT {columns} FROM {aside}",
    ],
  },
  says: "finish[1]: IGNORE stands where INTO belongs",
};
