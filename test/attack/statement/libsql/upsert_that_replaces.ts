/** Upserts by deleting what is there, and what refers to it. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  mode: "upsert",
  plan: { write: { insert: "INSERT OR REPLACE INTO {table} ({columns}) VALUES {rows}" } },
  says: "OR stands where INTO belongs",
};
