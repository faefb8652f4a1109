/** Reads what it has written. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows} RETURNING {col:0}" } },
  says: "insert.sql",
};
