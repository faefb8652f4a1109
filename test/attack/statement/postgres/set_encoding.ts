/** Has texts mean others. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { session: ["SET client_encoding TO sql_ascii"] },
  says: "session[0]",
};
