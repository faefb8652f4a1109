/** Adds where it should replace. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  mode: "replace",
  plan: {
    finish: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}"],
  },
  says: "finish[0]",
};
