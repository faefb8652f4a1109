/** Has the table take rows and keep none. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["CREATE RULE r AS ON INSERT TO {table} DO INSTEAD NOTHING"] },
  says: "prepare[0]",
};
