/** Writes each row twice. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}, {rows}" } },
  says: "{rows} once",
};
