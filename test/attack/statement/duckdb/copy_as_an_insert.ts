/** Rows come by COPY. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { write: { insert: "COPY {table} FROM {rows}" } },
  says: "insert.sql: COPY stands where INSERT belongs",
};
