/** Leaves code behind for later. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["CREATE TRIGGER x AFTER INSERT ON {table} EXECUTE FUNCTION f()"] },
  says: "prepare[0]",
};
