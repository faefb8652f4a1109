/** Replaces rows where it should add. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { write: { insert: "REPLACE INTO {table} ({columns}) VALUES {rows}" } },
  says: "insert.sql",
};
