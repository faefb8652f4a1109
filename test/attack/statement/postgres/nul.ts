/** Ends a statement for those who read to U+0000, and goes on. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["SELECT 1\0 DROP TABLE other"] },
  code: "plugin_violation",
  says: "U+0000",
};
