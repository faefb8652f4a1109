/** Writes each value into the column beside its own. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { write: { insert: "INSERT INTO {table} ({col:0}, {col:2}, {col:1}) VALUES {rows}" } },
  says: "insert.sql",
};
