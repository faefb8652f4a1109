/** Refuses rows that the user's table takes. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["CREATE UNIQUE INDEX i ON {table} ({col:1})"] },
  says: "prepare[0]: no statement may stand there",
};
