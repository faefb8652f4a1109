/** A number of sixty thousand digits. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { merge: [`SELECT ${"9".repeat(60_000)}`] },
  says: "merge[0]",
};
