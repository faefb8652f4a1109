/** Doubles the rows that are there. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["CREATE TABLE {aside} AS SELECT {columns} FROM {table}"] },
  says: "prepare[0]: its end stands where WHERE belongs",
};
