/** Speaks to the client program instead of the server. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["DELIMITER $"] },
  says: "prepare[0]: it carries a sign that no statement needs",
};
