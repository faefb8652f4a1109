/** Keeps a value from one statement to the next. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["SET VARIABLE a = 1"] },
  says: "prepare[0]: no statement may stand there",
};
