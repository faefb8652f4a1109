/** Names a file without quotes. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { finish: ["SELECT 1 INTO DUMPFILE 0x2F746D702F6F7574"] },
  says: "finish[0]: a number touches a word",
};
