/** Trusts what stands in the schema. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { session: ["PRAGMA trusted_schema = ON"] },
  says: "session[0]",
};
