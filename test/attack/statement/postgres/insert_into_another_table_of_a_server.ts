/** Writes the rows into another table. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { insert: "INSERT INTO other ({columns}) VALUES {rows}" } },
  says: "OTHER stands where",
};
