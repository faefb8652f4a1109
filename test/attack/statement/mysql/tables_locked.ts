/** Commits what is open, and shuts others out. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["LOCK TABLES {table} WRITE"] },
  says: "prepare[0]: LOCK stands where CREATE belongs",
};
