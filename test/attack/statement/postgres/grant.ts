/** Opens the table to everybody. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["GRANT ALL ON {table} TO PUBLIC"] },
  says: "prepare[0]",
};
