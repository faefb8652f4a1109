/** Has a column that ignores what it is given. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: {
    create: [
      "CREATE TABLE {table} ({col:0} INTEGER, {col:1} TEXT GENERATED ALWAYS AS (1), {col:2} TEXT)",
    ],
  },
  says: "create[0]",
};
