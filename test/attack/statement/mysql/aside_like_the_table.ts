/** Makes the shadow table with indexes of others. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["CREATE TABLE {aside} LIKE {table}"] },
  says: "prepare[0]: LIKE stands where AS belongs",
};
