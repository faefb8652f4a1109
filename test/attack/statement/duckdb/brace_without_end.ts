/** A slot that does not end. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["DELETE FROM {table"] },
  says: "prepare[0]: Statement of a plan carries a brace that is not closed",
};
