/** Has the bytes of texts be read as others. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { session: ["SET NAMES gbk"] },
  says: "session[0]: NAMES stands where SESSION belongs",
};
