/** Has names mean other tables. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { session: ["SET search_path TO evil"] },
  says: "session[0]",
};
