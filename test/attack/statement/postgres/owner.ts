/** Gives the table away. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["ALTER TABLE {table} OWNER TO evil"] },
  says: "prepare[0]",
};
