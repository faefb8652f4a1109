/** Tells what else is there. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: { merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM duckdb_tables()"] },
  says: "merge[0]: {columns} stands where DISTINCT belongs",
};
