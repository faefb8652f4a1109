/** Writes a file of the server's, byte by byte. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { finish: ["SELECT 1 INTO DUMPFILE '/tmp/out'"] },
  says: "finish[0]: it carries a sign that no statement needs",
};
