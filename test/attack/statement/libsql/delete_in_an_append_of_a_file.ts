/** Empties it row by row. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { prepare: ["DELETE FROM {table}"] },
  says: "prepare[0]",
};
