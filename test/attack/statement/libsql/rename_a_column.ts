/** Renames a column, so that nobody finds it. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { prepare: ["ALTER TABLE {table} RENAME COLUMN {col:1} TO gone"] },
  says: "prepare[0]",
};
