/** Names a table by more letters than a name can have. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: [`DROP TABLE ${"other".padEnd(10_000, "x")}`] },
  says: "prepare[0]",
};
