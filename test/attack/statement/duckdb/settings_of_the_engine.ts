/** Tells how it is set. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: { merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM duckdb_settings()"] },
  says: "merge[0]: {columns} stands where DISTINCT belongs",
};
