/** Leaves code behind for later. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { prepare: ["CREATE TRIGGER x AFTER INSERT ON {table} BEGIN SELECT 1"] },
  says: "prepare[0]",
};
