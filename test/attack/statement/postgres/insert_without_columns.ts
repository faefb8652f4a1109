/** Leaves the order of the columns to the table. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { insert: "INSERT INTO {table} VALUES {rows}" } },
  says: "VALUES stands where ( belongs",
};
