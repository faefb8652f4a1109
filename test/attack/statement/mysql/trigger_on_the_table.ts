/** Changes each row as it comes. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["CREATE TRIGGER g BEFORE INSERT ON {table} FOR EACH ROW DELETE FROM other"] },
  says: "prepare[0]: TRIGGER stands where TABLE belongs",
};
