/** Leaves a window behind. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { prepare: ["CREATE VIEW v AS SELECT secret FROM other"] },
  says: "prepare[0]",
};
