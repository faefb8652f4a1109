/** Puts rows in the place of others, so that what refers to those is deleted with them. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { write: { insert: "INSERT OR REPLACE INTO {table} ({columns}) VALUES {rows}" } },
  says: "OR stands where INTO belongs",
};
