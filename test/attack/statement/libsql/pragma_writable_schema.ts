/** Opens the schema to everybody. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { session: ["PRAGMA writable_schema = ON"] },
  says: "session[0]",
};
