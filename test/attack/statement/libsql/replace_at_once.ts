/** Writes into the table before everything is there. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  mode: "replace",
  plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}" } },
  says: "insert.sql",
};
