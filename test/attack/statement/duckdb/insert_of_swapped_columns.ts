/** Columns are swapped on their way. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { write: { insert: "INSERT INTO {table} ({col:0}, {col:2}, {col:1}) VALUES {rows}" } },
  says: "insert.sql: {col:0} stands where {columns} belongs",
};
