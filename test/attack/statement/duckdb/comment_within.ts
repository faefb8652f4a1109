/** A comment within a word. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { write: { insert: "INSERT INTO {table} ({columns}) /* x */ VALUES {rows}" } },
  says: "insert.sql: it carries a sign that no statement needs (quotes, semicolons, and the like)",
};
