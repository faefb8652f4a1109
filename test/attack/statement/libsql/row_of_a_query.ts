/** Puts another row in its place. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: {
    write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}", row: "(SELECT 1, 2, 3)" },
  },
  says: "insert.row",
};
