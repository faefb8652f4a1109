/** Empties the table and puts nothing there. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  mode: "replace",
  plan: { finish: ["DELETE FROM {table}"] },
  says: "finish[1]",
};
