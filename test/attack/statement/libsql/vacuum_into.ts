/** Copies the database into a file. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { finish: ["VACUUM INTO x"] },
  says: "finish[0]",
};
