/** Has the server load code. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["CREATE EXTENSION dblink"] },
  says: "prepare[0]",
};
