/** Empties the table by a statement that commits. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: {
    finish: [
      "TRUNCATE TABLE {table}",
      "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
    ],
  },
  says: "finish[0]: TRUNCATE stands where DELETE belongs",
};
