/** Empties a column. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { merge: ["UPDATE {table} SET {col:1} = NULL"] },
  says: "merge[0]",
};
