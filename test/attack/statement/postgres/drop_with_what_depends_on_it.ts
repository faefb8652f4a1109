/** Drops what depends on it. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  mode: "replace",
  plan: {
    finish: [
      "TRUNCATE TABLE {table}",
      "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
      "DROP TABLE {aside} CASCADE",
    ],
  },
  says: "finish[2]",
};
