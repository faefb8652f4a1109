/** Drops the shadow table by a statement that commits. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: {
    finish: [
      "DELETE FROM {table}",
      "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
      "DROP TABLE {aside}",
    ],
  },
  says: "finish[2]: no statement may stand there",
};
