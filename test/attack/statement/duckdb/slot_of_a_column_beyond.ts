/** A column that is not there. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: { prepare: ["DELETE FROM {table} WHERE {col:9} = 1"] },
  says: "prepare[0]: Statement of a plan carries a slot for column 9 of 3",
};
