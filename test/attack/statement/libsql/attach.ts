/** Opens another file. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { session: ["ATTACH x AS y"] },
  says: "session[0]",
};
