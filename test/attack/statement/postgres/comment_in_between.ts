/** Hides words in a comment. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["TRUNCATE /* once */ {table}"] },
  says: "a sign that no statement needs",
};
