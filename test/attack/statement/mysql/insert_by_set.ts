/** Writes one row in the form that MySQL alone has. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { write: { insert: "INSERT INTO {table} SET {col:0} = 1" } },
  says: "insert.sql: it must carry {rows} once",
};
