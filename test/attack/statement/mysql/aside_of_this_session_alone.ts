/** Loses the shadow table with the session. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["CREATE TEMPORARY TABLE {aside} AS SELECT {columns} FROM {table} WHERE 0"] },
  says: "prepare[0]: TEMPORARY stands where TABLE belongs",
};
