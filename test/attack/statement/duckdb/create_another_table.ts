/** Makes a table that nobody drops. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["CREATE TABLE other2 (a INTEGER)"] },
  says: "prepare[0]: no statement may stand there",
};
