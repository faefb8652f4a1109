/** Drops what is none of its. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["DROP TABLE other"] },
  says: "prepare[0]: no statement may stand there",
};
