/** Names a table in quotes of another dialect. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { prepare: ["DROP TABLE `other`"] },
  says: "a sign that no statement needs",
};
