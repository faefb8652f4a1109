/** Drops rows as it writes them. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) SELECT {columns} FROM (VALUES {rows}) WHERE 0",
    },
  },
  says: "insert.sql",
};
