/** Moves rows that are not there any more. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  mode: "replace",
  plan: {
    finish: [
      "DELETE FROM {table}",
      "INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}",
    ],
  },
  says: "finish[1]",
};
