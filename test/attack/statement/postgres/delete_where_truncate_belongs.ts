/** Empties the table row by row, so that what refers to it is deleted with it. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  mode: "replace",
  plan: {
    finish: [
      "DELETE FROM {table}",
      "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
    ],
  },
  says: "DELETE stands where TRUNCATE belongs",
};
