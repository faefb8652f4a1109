/** Makes a table of what an extension reads. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { prepare: ["CREATE VIRTUAL TABLE v USING fts5(a)"] },
  says: "prepare[0]",
};
