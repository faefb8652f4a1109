/** Keeps old rows that others refer to. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: {
    finish: [
      "DELETE IGNORE FROM {table}",
      "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
    ],
  },
  says: "finish[0]: IGNORE stands where FROM belongs",
};
