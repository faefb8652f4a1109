/** The shadow table is a view. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "replace",
  plan: { prepare: ["CREATE VIEW {aside} AS SELECT {columns} FROM {table} WITH NO DATA"] },
  says: "prepare[0]: VIEW stands where TABLE belongs",
};
