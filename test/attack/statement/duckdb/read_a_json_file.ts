/** Fills the table from a file, with no quote in sight. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: { merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM read_json({table})"] },
  says: "merge[0]: {columns} stands where DISTINCT belongs",
};
