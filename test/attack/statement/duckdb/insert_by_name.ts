/** Columns go by the names of a query. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: { merge: ["INSERT INTO {table} BY NAME SELECT {columns} FROM {staging}"] },
  says: "merge[0]: BY stands where ( belongs",
};
