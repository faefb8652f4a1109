/** Gives a name another meaning. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { create: ["CREATE MACRO coalesce(a) AS 1"] },
  says: "create[0]: MACRO stands where TABLE belongs",
};
