/** Ends the host's transaction by DDL. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { finish: ["ALTER TABLE {table} FORCE"] },
  says: "finish[0]: no statement may stand there",
};
