/** Sets something for the whole server. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { session: ["ALTER SYSTEM SET work_mem TO 64"] },
  says: "session[0]",
};
