/** Meddles with the host's transaction. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { finish: ["SAVEPOINT p"] },
  says: "finish[0]: no statement may stand there",
};
