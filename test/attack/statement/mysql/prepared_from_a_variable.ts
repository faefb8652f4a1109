/** Runs a text that the host has not seen. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["PREPARE q FROM @a"] },
  says: "prepare[0]: it carries a sign that no statement needs",
};
