/** Undoes what the host has made. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { session: ["DISCARD ALL"] },
  says: "session[0]",
};
