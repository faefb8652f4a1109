/** Loses grants, views and foreign keys. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  mode: "replace",
  plan: { finish: ["DROP TABLE {table}", "ALTER TABLE {aside} RENAME TO {table_name}"] },
  says: "finish[0]",
};
