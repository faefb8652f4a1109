/** Runs what stands in a folder. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["IMPORT DATABASE 'in'"] },
  says: "prepare[0]: it carries a sign that no statement needs (quotes, semicolons, and the like)",
};
