/** Keeps everybody from the table, slowly. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { finish: ["VACUUM FULL {table}"] },
  says: "finish[0]",
};
