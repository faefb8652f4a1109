/** Gives rights away. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["GRANT ALL ON *.* TO u"] },
  says: "prepare[0]: GRANT stands where CREATE belongs",
};
