/** Keeps old rows. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: {
    finish: [
      "DELETE FROM {table} LIMIT 1",
      "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
    ],
  },
  says: "finish[0]: LIMIT stands where its end belongs",
};
