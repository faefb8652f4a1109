/** Changes the server for everybody. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { session: ["SET GLOBAL max_connections = 1"] },
  says: "session[0]: GLOBAL stands where SESSION belongs",
};
