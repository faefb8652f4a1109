/** Rows that were there are other ones. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["UPDATE {table} SET {col:1} = NULL"] },
  says: "prepare[0]: no statement may stand there",
};
