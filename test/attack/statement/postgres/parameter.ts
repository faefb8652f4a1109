/** Wants a value that the host would bind. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["DELETE FROM {table} WHERE {col:0} = $1"] },
  says: "a sign that no statement needs",
};
