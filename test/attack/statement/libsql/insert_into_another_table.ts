/** Writes the rows into another table. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { write: { insert: "INSERT INTO other (secret) VALUES {rows}" } },
  says: "insert.sql",
};
