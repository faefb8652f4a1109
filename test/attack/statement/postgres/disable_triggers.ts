/** Switches the table's own rules off. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["ALTER TABLE {table} DISABLE TRIGGER ALL"] },
  says: "prepare[0]",
};
