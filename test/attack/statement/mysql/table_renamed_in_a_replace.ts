/** Swaps the tables by a statement that commits. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { finish: ["RENAME TABLE {aside} TO {table}"] },
  says: "finish[0]: RENAME stands where DELETE belongs",
};
