/** Drops rows that do not fit, in silence. */
import type { StatementAttack } from "../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { write: { insert: "INSERT OR IGNORE INTO {table} ({columns}) VALUES {rows}" } },
  says: "insert.sql",
};
