/** A text is a table's name. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: { merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM query_table(other)"] },
  says: "merge[0]: {columns} stands where DISTINCT belongs",
};
