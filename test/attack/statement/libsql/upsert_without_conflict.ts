/** Adds where it should replace. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  mode: "upsert",
  plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}" } },
  says: "insert.sql",
};
