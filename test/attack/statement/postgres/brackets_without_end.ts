/** Opens sixty thousand brackets, which parsers of another kind do not survive. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: [`SELECT ${"(".repeat(60_000)}1${")".repeat(5_000)}`] },
  says: "prepare[0]",
};
