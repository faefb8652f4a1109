/** Takes credentials away. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["DROP SECRET s"] },
  says: "prepare[0]: no statement may stand there",
};
