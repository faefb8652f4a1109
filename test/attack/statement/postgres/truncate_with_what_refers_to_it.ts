/** Empties the tables that refer to this one. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  mode: "replace",
  plan: {
    finish: [
      "TRUNCATE TABLE {table} CASCADE",
      "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
    ],
  },
  says: "finish[0]",
};
