/** A value twice. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}", row: "(?1, ?1, ?1)" } },
  says: "insert.row: it carries a sign that no statement needs (quotes, semicolons, and the like)",
};
