/** Has an identity column count for itself, whatever the rows say. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: {
    write: { insert: "INSERT INTO {table} ({columns}) OVERRIDING USER VALUE VALUES {rows}" },
  },
  says: "insert.sql",
};
