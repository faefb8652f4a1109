/** Writes one column of each row. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { insert: "INSERT INTO {table} ({col:0}) VALUES {rows}" } },
  says: "{col:0} stands where {columns} belongs",
};
