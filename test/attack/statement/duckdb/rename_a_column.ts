/** A column has another name from here on. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["ALTER TABLE {table} RENAME {col:1} TO x"] },
  says: "prepare[0]: no statement may stand there",
};
