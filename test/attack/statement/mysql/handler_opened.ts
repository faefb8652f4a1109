/** Reads a table below the optimizer. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["HANDLER {table} OPEN"] },
  says: "prepare[0]: HANDLER stands where CREATE belongs",
};
