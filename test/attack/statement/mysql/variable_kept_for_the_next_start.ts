/** Changes the server from its next start on. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { session: ["SET PERSIST max_connections = 1"] },
  says: "session[0]: PERSIST stands where SESSION belongs",
};
