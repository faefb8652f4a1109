/** Runs native code of a file. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["LOAD 'x.duckdb_extension'"] },
  says: "prepare[0]: it carries a sign that no statement needs (quotes, semicolons, and the like)",
};
