/** Fills a table as it is made. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { create: ["CREATE TABLE {table} AS SELECT 1"] },
  says: "create[0]: AS stands where ( belongs",
};
