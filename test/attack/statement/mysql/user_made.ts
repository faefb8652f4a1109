/** Makes a user. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["CREATE USER u IDENTIFIED BY 'u'"] },
  says: "prepare[0]: it carries a sign that no statement needs",
};
