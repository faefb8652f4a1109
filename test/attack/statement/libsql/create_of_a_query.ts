/** Makes the table of another one. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { create: ["CREATE TABLE {table} AS SELECT secret FROM other"] },
  says: "create[0]",
};
