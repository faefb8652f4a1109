/** Makes a table of other columns. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { create: ["CREATE TABLE {table} LIKE other"] },
  says: "create[0]: LIKE stands where ( belongs",
};
