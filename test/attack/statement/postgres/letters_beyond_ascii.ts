/** Names with letters that look like others. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["DROP TABLE \u00f6ther"] },
  says: "a sign that no statement needs",
};
