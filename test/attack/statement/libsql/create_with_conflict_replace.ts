/** Has each INSERT replace rows. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: {
    create: [
      "CREATE TABLE {table} ({col:0} INTEGER PRIMARY KEY ON CONFLICT REPLACE, {col:1} TEXT, {col:2} TEXT)",
    ],
  },
  says: "create[0]",
};
