/** Tells of a table's values. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { health: ["SUMMARIZE other"] },
  says: "health[0]: SUMMARIZE stands where SELECT belongs",
};
