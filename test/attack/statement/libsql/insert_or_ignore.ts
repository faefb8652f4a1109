/** Leaves out rows whose keys are there, and says nothing of it. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { write: { insert: "INSERT OR IGNORE INTO {table} ({columns}) VALUES {rows}" } },
  says: "OR stands where INTO belongs",
};
