/** Loads native code into the server. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { create: ["CREATE FUNCTION f RETURNS INTEGER SONAME 'f.so'"] },
  says: "create[0]: it carries a sign that no statement needs",
};
