/** Copies another table, as MySQL 8 can. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { write: { insert: "INSERT INTO {table} TABLE other" } },
  says: "insert.sql: it must carry {rows} once",
};
