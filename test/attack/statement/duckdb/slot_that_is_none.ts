/** A slot that nobody fills. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["DROP TABLE {secret}"] },
  says: "prepare[0]: Statement of a plan carries an unknown slot {secret}",
};
