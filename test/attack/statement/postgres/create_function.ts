/** Leaves code behind. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["CREATE FUNCTION f() RETURNS trigger LANGUAGE c"] },
  says: "prepare[0]",
};
