/** All rows come twice. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}, {rows}" } },
  says: "insert.sql: it must carry {rows} once",
};
