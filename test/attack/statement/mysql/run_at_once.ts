/** The same, as MariaDB can. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["EXECUTE IMMEDIATE 0x64726F70"] },
  says: "prepare[0]: a number touches a word",
};
