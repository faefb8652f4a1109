/** Sends a second statement behind the first. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}; DROP TABLE other" } },
  says: "insert.sql: it carries a sign that no statement needs",
};
