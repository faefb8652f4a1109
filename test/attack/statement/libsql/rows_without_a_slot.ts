/** Writes rows of its own. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES (1, 2, 3)" } },
  says: "{rows} once",
};
