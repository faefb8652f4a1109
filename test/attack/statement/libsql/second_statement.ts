/** Brings a second statement along. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}; DROP TABLE other" } },
  says: "a sign that no statement needs",
};
