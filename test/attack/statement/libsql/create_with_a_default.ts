/** Has values where there were none. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: {
    create: ["CREATE TABLE {table} ({col:0} INTEGER DEFAULT 7, {col:1} TEXT, {col:2} TEXT)"],
  },
  says: "create[0]",
};
