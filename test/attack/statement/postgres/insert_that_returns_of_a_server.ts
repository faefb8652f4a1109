/** Has the server send back what it stores. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows} RETURNING {col:0}" } },
  says: "insert.sql",
};
