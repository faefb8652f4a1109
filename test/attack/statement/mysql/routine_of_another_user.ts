/** Makes a routine that runs with the rights of another. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { create: ["CREATE DEFINER = root PROCEDURE p ( ) SELECT 1"] },
  says: "create[0]: DEFINER stands where TABLE belongs",
};
