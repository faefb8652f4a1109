/** Leaves the table empty. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { finish: ["DELETE FROM {table}"] },
  says: "finish[1]: a statement is missing",
};
