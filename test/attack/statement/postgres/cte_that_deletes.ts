/** Hides a deletion in an insertion. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: {
    merge: [
      "WITH gone AS (DELETE FROM {table} RETURNING {col:0}) INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}",
    ],
  },
  says: "merge[0]",
};
