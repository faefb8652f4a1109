/** The same, as a plugin of the server. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["INSTALL PLUGIN f SONAME 'f.so'"] },
  says: "prepare[0]: it carries a sign that no statement needs",
};
