/** Makes a view. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["CREATE VIEW v AS SELECT * FROM {table}"] },
  says: "prepare[0]: VIEW stands where TABLE belongs",
};
