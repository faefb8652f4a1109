/** Gives the rows a name, as MySQL 8 can. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows} AS n" } },
  says: "insert.sql: AS stands where its end belongs",
};
