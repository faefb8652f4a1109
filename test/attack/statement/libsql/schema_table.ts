/** Deletes tables by their entries. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { prepare: ["DELETE FROM sqlite_schema"] },
  says: "prepare[0]",
};
