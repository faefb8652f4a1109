/** Swaps columns as it puts new rows in the place of the old ones. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  mode: "replace",
  plan: {
    finish: [
      "TRUNCATE TABLE {table}",
      "INSERT INTO {table} ({columns}) SELECT {col:0}, {col:2}, {col:1} FROM {aside}",
    ],
  },
  says: "finish[1]",
};
