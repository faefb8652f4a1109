/** Brings one along where another protocol would run it. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}; DROP TABLE other" } },
  says: "a sign that no statement needs",
};
