/** Writes tables that are none. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { write: { insert: "INSERT INTO sqlite_schema ({columns}) VALUES {rows}" } },
  says: "insert.sql",
};
