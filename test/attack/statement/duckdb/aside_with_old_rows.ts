/** Begins with the rows that were there. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "replace",
  plan: { prepare: ["CREATE TABLE {aside} AS SELECT {columns} FROM {table} LIMIT 1"] },
  says: "prepare[0]: LIMIT stands where WITH belongs",
};
