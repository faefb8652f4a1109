/** Lets the server sort in all the memory that it has. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { session: ["SET work_mem TO 2147483647"] },
  says: "session[0]",
};
