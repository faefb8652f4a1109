/** Drops rows on their way to the server. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) SELECT {columns} FROM (VALUES {rows}) WHERE 0",
    },
  },
  says: "SELECT stands where",
};
